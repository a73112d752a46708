"""Says whether a moment can be restored on a server.

    az postgres flexible-server show … -o json | python3 window.py MOMENT
"""

import datetime
import json
import sys


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


server = json.load(sys.stdin)
point = moment(sys.argv[1])
behind = datetime.datetime.now(datetime.timezone.utc) - point
if point < moment(server["earliest"]):
    word = "too-old"
elif behind < datetime.timedelta(minutes=15):
    # The log arrives some minutes late.
    word = "too-new"
else:
    word = "good"
print(json.dumps({"point_is": word, "earliest": server["earliest"], "host": server["host"],
                  "behind_min": int(behind.total_seconds() // 60)}))

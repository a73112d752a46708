"""Compares the export of a project's CI variables with the project, or replays it.

    python3 variables.py compare EXPORT URL
    python3 variables.py replay EXPORT URL

URL ends in /projects/ID/variables; the token is in GITLAB_TOKEN. No value is
printed. A variable that exists keeps its value: it may be newer than the export.
"""

import json
import os
import sys
import urllib.error
import urllib.request

FLAGS = ("key", "value", "variable_type", "protected", "masked", "raw",
         "environment_scope", "description")


def call(method, url, body=None):
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"PRIVATE-TOKEN": os.environ["GITLAB_TOKEN"],
                 "Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=20)


def listed(url):
    """Every page: one page is at most 100, and variable 101 would be missing."""
    found, page = [], "1"
    while page:
        with call("GET", f"{url}?per_page=100&page={page}") as answer:
            found += json.load(answer)
            page = answer.headers.get("x-next-page")
    return found


def name(variable):
    return variable["key"], variable.get("environment_scope", "*")


def hidden(variable):
    return variable.get("hidden") or variable.get("value") is None


def missing(export, url):
    there = {name(variable) for variable in listed(url)}
    return [variable for variable in export if name(variable) not in there]


def compare(export, url):
    there = {name(variable): variable.get("value") for variable in listed(url)}
    lost = [variable for variable in export if name(variable) not in there]
    secret = [variable["key"] for variable in export if hidden(variable)]
    differ = [variable["key"] for variable in export
              if not hidden(variable) and name(variable) in there
              and there[name(variable)] != variable["value"]]
    print(f"{len(export)} in the copy, {len(there)} in the project")
    if len(export) == 100:
        print("exactly 100: probably one page of more; ask who made it")
    print("to create", sum(not hidden(variable) for variable in lost))
    print("to set by hand", sum(hidden(variable) for variable in lost))
    print("differ", " ".join(differ) or "none")
    print("hidden", " ".join(secret) or "none")
    print("the project's are", "whole" if not lost else "partly" if there else "gone")


def replay(export, url):
    created = 0
    for variable in missing(export, url):
        if hidden(variable):
            continue
        body = {flag: variable[flag] for flag in FLAGS if variable.get(flag) is not None}
        try:
            call("POST", url, body).close()
        except urllib.error.HTTPError as error:
            # The reason names rules, such as masking; it repeats no value.
            sys.exit(f"FAILED {variable['key']}: {error.code} {error.read()[:200].decode()}")
        created += 1
    left = missing(export, url)
    by_hand = [variable for variable in left if hidden(variable)]
    print(f"created {created}, by hand {len(by_hand)}, missing {len(left) - len(by_hand)}")


with open(sys.argv[2], encoding="utf-8") as file:
    EXPORT = json.load(file)
if not isinstance(EXPORT, list):
    sys.exit("variables.py: no list of variables; a saved error page?")
{"compare": compare, "replay": replay}[sys.argv[1]](EXPORT, sys.argv[3])

# Asks every address for its health, and prints each with its status.
#
#   bash health.sh ADDRESS...
set -euo pipefail
[ $# -gt 0 ] || { echo "no address to ask" >&2; exit 2; }
bad=0
for address in "$@"; do
    # 000 is what curl prints when nothing answered at all. With -g it takes
    # braces and brackets as they stand.
    status=$(curl -gsS -o /dev/null -w '%{http_code}' --max-time 10 \
        "$address" 2>/dev/null || true)
    echo "$address $status"
    [ "$status" = 200 ] || bad=$((bad + 1))
done
echo "not well: $bad"

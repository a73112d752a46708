# Says how many rows a merge would still move: 0 when it is done.
#
#   bash merged.sh DAMAGED TABLE...
set -euo pipefail
damaged=$1
shift
sql=$(dirname "$0")/sql
# Counted first: after a failure there must be no number that could be believed.
counts=$(for table in "$@"; do
    psql -XqAt -F ' ' -v ON_ERROR_STOP=1 -v table="$table" -d "$damaged" \
        -f "$sql/differ.sql" || exit
done)
awk '{ left += $3 + $5 } END { print "left", left + 0 }' <<<"$counts"

# Compares a server's tables with checksums that were taken elsewhere.
#
#   sh same.sh PSQL SUMS_SQL CONNECTION WANTED
#
# WANTED is the output of sums.sql: table|rows|highest id|checksum. Only rows
# up to that id are compared, so rows written later do not disturb. Prints
# `TABLE same` or `TABLE different` with row counts; the caller judges. What
# was found is kept beside WANTED, as WANTED.now.
set -eu
psql=$1
sums=$2
connection=$3
wanted=$4

while IFS='|' read -r table rows highest checksum; do
    set -- "$@" -v "$table=${highest:-0}"
done <"$wanted"
shift 4

"$psql" -XqAt -v ON_ERROR_STOP=1 "$@" -f "$sums" -d "$connection" \
    >"$wanted.now"

awk -F '|' '
    FNR == NR { found[$1] = $0; rows[$1] = $2; next }
    found[$1] == $0 { print $1 " same, " $2 " rows"; next }
    { print $1 " different, " rows[$1] + 0 " rows here, " $2 " there" }
' "$wanted.now" "$wanted"

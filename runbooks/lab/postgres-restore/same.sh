# Compares a server's tables with checksums that were taken elsewhere.
#
#   sh same.sh PSQL SUMS_SQL CONNECTION WANTED
#
# WANTED is the output of sums.sql: table|rows|highest id|checksum. Only rows
# up to that id are compared, so rows written later do not disturb. Prints
# `TABLE same` or `TABLE different` and the row counts; the caller judges.
set -eu
psql=$1
sums=$2
connection=$3
wanted=$4

[ "$(wc -l <"$wanted")" -eq 5 ] || {
    echo "$wanted does not hold five tables" >&2
    exit 2
}
while IFS='|' read -r table rows highest checksum; do
    set -- "$@" -v "$table=${highest:-0}"
done <"$wanted"
shift 4

got=$("$psql" -XqAt -v ON_ERROR_STOP=1 "$@" -f "$sums" -d "$connection")
while IFS='|' read -r table rows highest checksum; do
    line=$(printf '%s\n' "$got" | grep "^$table|")
    if [ "$line" = "$table|$rows|$highest|$checksum" ]; then
        echo "$table same, $rows rows"
    else
        there=${line#*|}
        echo "$table different, ${there%%|*} rows here, $rows there"
    fi
done <"$wanted"

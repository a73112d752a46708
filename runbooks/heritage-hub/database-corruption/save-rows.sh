# Saves whole rows whose ids compare.sh has listed.
#
#   bash save-rows.sh CONNECTION FOLDER missing|late
#
# Writes FOLDER/TABLE.KIND.csv, with a header, and says how many there are.
set -euo pipefail
connection=$1
folder=$2
kind=$3
sql=$(dirname "$0")/sql

all=0
for table in Users FamilyGroups FamilyGroupMembers; do
    ids=$folder/$table.$kind
    rows=$ids.csv
    # .part first: a file that was cut off must not look like a whole one.
    psql -XqAt -v ON_ERROR_STOP=1 -v table="$table" -d "$connection" \
        -f "$sql/rows.sql" <"$ids" >"$rows.part"
    mv "$rows.part" "$rows"
    count=$(wc -l <"$ids")
    echo "$table $((count))"
    all=$((all + count))
done
echo "$all rows saved"

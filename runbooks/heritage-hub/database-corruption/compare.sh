# Compares the damaged database with the copy, row by row.
#
#   bash compare.sh DAMAGED COPY FOLDER POINT
#
# DAMAGED and COPY are connection strings, POINT is the restore point. For each table the ids that only the copy has
# go to FOLDER/TABLE.missing, those that only the damaged one has to
# FOLDER/TABLE.late, and a table of counts to FOLDER/compared.txt.
set -euo pipefail
damaged=$1
copy=$2
folder=$3
point=$4
sql=$(dirname "$0")/sql
mkdir -p "$folder"

fingerprints() {
    psql -XqAt -F $'\t' -v ON_ERROR_STOP=1 -v table="$2" -d "$1" \
        -f "$sql/fingerprints.sql"
}

# Prints rows here, rows there, missing, changed, late.
differences() {
    awk -F '\t' -v missing="$1.missing" -v late="$1.late" '
        BEGIN { printf "" > missing; printf "" > late }
        # Not FNR == NR: an emptied table leaves the first file empty.
        FILENAME == ARGV[1] { here[$1] = $2; damaged++; next }
        { copy++ }
        !($1 in here) { print $1 > missing; lost++; next }
        here[$1] != $2 { changed++ }
        { delete here[$1] }
        END {
            for (id in here) { print id > late; added++ }
            print damaged + 0, copy + 0, lost + 0, changed + 0, added + 0
        }
    ' "$1.damaged" "$1.copy"
}

line='%-18s %8s %8s %8s %8s %8s\n'
{
    # shellcheck disable=SC2059 # the format is ours
    printf "$line" table damaged copy missing changed late
    all=(0 0 0 0 0)
    for table in Users FamilyGroups FamilyGroupMembers; do
        fingerprints "$damaged" "$table" >"$folder/$table.damaged"
        fingerprints "$copy" "$table" >"$folder/$table.copy"
        read -r -a counts <<<"$(differences "$folder/$table")"
        # shellcheck disable=SC2059
        printf "$line" "$table" "${counts[@]}"
        for i in 0 1 2 3 4; do
            all[i]=$((all[i] + counts[i]))
        done
    done
    # shellcheck disable=SC2059
    printf "$line" all "${all[@]}"
    echo "late rows: $([ "${all[4]}" -eq 0 ] && echo none || echo some)"
    echo "the copy:"
    psql -XqAt -v ON_ERROR_STOP=1 -v point="$point" -d "$copy" \
        -f "$sql/proof.sql"
} | tee "$folder/compared.txt"

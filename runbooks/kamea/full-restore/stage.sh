# Lays two pictures of some tables beside them in the damaged database: as the
# copy has them (dr_stage), and as they are now (dr_before).
#
#   bash stage.sh DAMAGED COPY TABLE...
#
# Prints a line of counts for each table; its own tables are made anew.
set -euo pipefail
damaged=$1
copy=$2
shift 2
sql=$(dirname "$0")/sql

for table in "$@"; do
    psql -XqAt -v ON_ERROR_STOP=1 -v table="$table" -d "$damaged" \
        -f "$sql/stage.sql" >/dev/null
    psql -XqAt -v ON_ERROR_STOP=1 -v table="$table" -d "$copy" \
        -f "$sql/give.sql" |
        psql -XqAt -v ON_ERROR_STOP=1 -d "$damaged" \
            -c "\\copy dr_stage.\"$table\" FROM pstdin"
    psql -XqAt -F ' ' -v ON_ERROR_STOP=1 -v table="$table" -d "$damaged" \
        -f "$sql/differ.sql"
done | awk '{ print; missing += $3; changed += $5 }
    END { print "to merge", missing + changed }'

# Lists the migrations that the damaged database has and the copy lacks.
#
#   bash migrations.sh DAMAGED COPY
#
# Both are connection strings. The last line is `migrations same` or
# `migrations behind`.
set -euo pipefail
sql=$(dirname "$0")/sql

applied() {
    psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f "$sql/migrations.sql" | sort
}

# Into variables first: inside <(…) a failure would not be seen.
damaged=$(applied "$1")
copy=$(applied "$2")
lacking=$(comm -23 <(echo "$damaged") <(echo "$copy"))
if [ -z "$lacking" ]; then
    echo "migrations same"
else
    sed 's/^/lacks /' <<<"$lacking"
    echo "migrations behind"
fi

# Names the extensions that a dump wants and the server does not allow.
#
#   bash extensions.sh list GROUP SERVER DUMP
#   bash extensions.sh allow GROUP SERVER DUMP
set -euo pipefail
allowed=$(az postgres flexible-server parameter show -g "$2" \
    --server-name "$3" --name azure.extensions --query value -o tsv)
wanted=$(pg_restore -l "$4" |
    sed -nE 's/.* EXTENSION - ([A-Za-z0-9_-]+).*/\1/p' | sort -fu)
lacking=$(LC_ALL=C comm -23 <(tr a-z A-Z <<<"$wanted" | LC_ALL=C sort -u) \
    <(tr 'a-z,' 'A-Z\n' <<<"$allowed" | LC_ALL=C sort -u))
if [ "$1" = allow ] && [ -n "$lacking" ]; then
    all=$(printf '%s\n%s\n' "$(tr , '\n' <<<"$allowed")" "$lacking" |
        grep . | paste -sd , -)
    az postgres flexible-server parameter set -g "$2" --server-name "$3" \
        --name azure.extensions --value "$all" -o none
fi
echo "not allowed: $(echo ${lacking:-none})"

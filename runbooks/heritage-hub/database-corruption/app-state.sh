# Says how the app is, and on which server its sessions are.
#
#   bash app-state.sh GROUP APP DATABASE cutover|selective DAMAGED COPY
#
# After a cutover the copy is the right server, else the damaged one.
set -euo pipefail
group=$1
app=$2
database=$3
way=$4
damaged=$5
copy=$6
sql=$(dirname "$0")/sql

sessions() {
    psql -XqAt -v ON_ERROR_STOP=1 -v db="$database" -d "$1" \
        -f "$sql/sessions.sql"
}

right=$damaged
other=$copy
if [ "$way" = cutover ]; then
    right=$copy
    other=$damaged
fi
health=$(az containerapp revision list -g "$group" -n "$app" -o tsv --query \
    '[?properties.trafficWeight]|sort_by(@,&properties.trafficWeight)[-1].properties.healthState')
here=$(sessions "$right")
there=$(sessions "$other")
echo "$health, $here on the right server, $there elsewhere"

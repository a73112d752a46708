# Says how the app is, and how often its vault refused it lately.
#
#   bash app-state.sh GROUP APP
#
# Lately is the last two minutes: older refusals are the incident itself.
set -euo pipefail
group=$1
app=$2

health=$(az containerapp revision list -g "$group" -n "$app" -o tsv --query \
    '[?properties.trafficWeight]|sort_by(@, &properties.trafficWeight)[-1].properties.healthState')
since=$(date -u -d '-2 minutes' '+%Y-%m-%d %H:%M:%S')
refusals=$(az containerapp logs show -g "$group" -n "$app" --type system \
    --tail 100 | awk -v since="$since" '
        match($0, /"TimeStamp": *"[^"]*"/) {
            at = substr($0, RSTART, RLENGTH)
            sub(/^"TimeStamp": *"/, "", at)
            late = substr(at, 1, 19) >= since
            refused = /Forbidden|Unable to get value/
            count += late && refused
        }
        END { print count + 0 }')
echo "$health, $refusals refusals in the last 2 minutes"

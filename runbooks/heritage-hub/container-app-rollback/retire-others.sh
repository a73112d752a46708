# Leaves one revision with all traffic and deactivates every other one.
#
#   bash retire-others.sh GROUP APP KEEP
#
# Traffic first: to deactivate the revision that answers would be an outage.
set -euo pipefail
group=$1
app=$2
keep=$3

answers=$(az containerapp revision list -g "$group" -n "$app" -o tsv --query \
    "[?properties.trafficWeight]|\
sort_by(@,&properties.trafficWeight)[-1].join('=',[name,\
to_string(properties.trafficWeight)])")
if [ "$answers" != "$keep=100" ]; then
    az containerapp ingress traffic set -g "$group" -n "$app" \
        --revision-weight "$keep=100" -o none
    echo "traffic to $keep"
fi
active=$(az containerapp revision list -g "$group" -n "$app" \
    --query '[?properties.active].name' -o tsv)
for revision in $active; do
    if [ "$revision" != "$keep" ]; then
        az containerapp revision deactivate -g "$group" -n "$app" \
            --revision "$revision" -o none
        echo "deactivated $revision"
    fi
done

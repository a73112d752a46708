# Restores the share of Redis once more, with Redis stopped in good order.
#
#   bash redis-again.sh GROUP APP APP_URL VAULT_GROUP VAULT ACCOUNT POINT
set -euo pipefail
group=$1
app=$2
url=$3

turn() {
    az rest --method post --url "$url/$1?api-version=2024-03-01" -o none
    until [ "$(az containerapp show -g "$group" -n "$app" \
        --query properties.runningStatus -o tsv)" = "$2" ]; do
        sleep 5
    done
    echo "$app: $2"
}

turn stop Stopped
job=$(az backup restore restore-azurefileshare -g "$4" -v "$5" -c "$6" \
    -i redis-persistence --rp-name "$7" --restore-mode OriginalLocation \
    --resolve-conflict Overwrite --query name -o tsv)
state=InProgress
while [ "$state" = InProgress ]; do
    sleep 15
    state=$(az backup job show -g "$4" -v "$5" -n "$job" \
        --query properties.status -o tsv)
done
echo "job $job: $state"
[ "$state" = Completed ]
turn start Running

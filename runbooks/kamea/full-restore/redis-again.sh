# Restores the share of Redis once more, with Redis stopped in good order.
#
#   bash redis-again.sh GROUP APP APP_URL VAULT_GROUP VAULT ACCOUNT POINT
set -euo pipefail
group=$1
app=$2
url=$3
vault_group=$4
vault=$5

app_status() {
    az containerapp show -g "$group" -n "$app" \
        --query properties.runningStatus -o tsv
}

job_status() {
    az backup job show -g "$vault_group" -v "$vault" -n "$job" \
        --query properties.status -o tsv
}

# A look that is refused now and then must not leave Redis stopped; one that is
# refused three times in a row ends the wait.
look() {
    "$1" || { sleep 5 && "$1"; } || { sleep 5 && "$1"; }
}

turn() {
    az rest --method post --url "$url/$1?api-version=2024-03-01" -o none
    status=$(look app_status)
    while [ "$status" != "$2" ]; do
        sleep 5
        status=$(look app_status)
    done
    echo "$app: $2"
}

turn stop Stopped
job=$(az backup restore restore-azurefileshare -g "$vault_group" \
    -v "$vault" -c "$6" -i redis-persistence --rp-name "$7" \
    --restore-mode OriginalLocation --resolve-conflict Overwrite \
    --query name -o tsv)
state=InProgress
while [ "$state" = InProgress ]; do
    sleep 15
    state=$(look job_status)
done
echo "job $job: $state"
[ "$state" = Completed ]
turn start Running

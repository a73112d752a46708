# Looks for a vault in every subscription that the sign-in can see.
#
#   bash find-vault.sh VAULT
set -euo pipefail
vault=$1

unseen=0
subscriptions=$(az account list --query "[?state!='Deleted'].id" -o tsv)
while IFS= read -r subscription; do
    [ -n "$subscription" ] || continue
    # One that cannot be looked into must not end the search of the others.
    id=$(az keyvault list --subscription "$subscription" -o tsv \
        --query "[?name=='$vault'].id | [0]" </dev/null) || {
        echo "cannot look into $subscription" >&2
        unseen=$((unseen + 1))
        continue
    }
    if [ -n "$id" ]; then
        group=$(cut -d/ -f5 <<<"$id")
        printf '{"found": "yes", "subscription": "%s", "group": "%s",
"unseen": %d}\n' "$subscription" "$group" "$unseen"
        exit
    fi
done <<<"$subscriptions"
printf '{"found": "no", "unseen": %d}\n' "$unseen"

# Gives the person at the keyboard a marked role on a vault, shows it, takes
# it back.
#
#   bash own-right.sh give|show|take VAULT_ID MARK
#
# The mark stands in the assignment's description, so that a right which the
# person had before is never taken away.
set -euo pipefail
vault_id=$2
mark=$3

marked() {
    az role assignment list --scope "$vault_id" -o tsv \
        --query "[?description=='$mark'].id"
}

case $1 in
show)
    ids=$(marked)
    if [ -n "$ids" ]; then echo "given $ids"; else echo none; fi
    ;;
take)
    ids=$(marked)
    while IFS= read -r id; do
        [ -n "$id" ] || continue
        az role assignment delete --ids "$id" --yes </dev/null
        echo "taken back $id"
    done <<<"$ids"
    ;;
give)
    me=$(az ad signed-in-user show --query id -o tsv)
    # Into a variable first: within [ ] a refused list would be an empty one.
    ids=$(marked)
    if [ -z "$ids" ]; then
        az role assignment create --role "Key Vault Secrets Officer" \
            --assignee-object-id "$me" --assignee-principal-type User \
            --scope "$vault_id" --description "$mark" --query id -o tsv
    fi
    # It works some minutes after it is listed.
    for attempt in $(seq 40); do
        if az keyvault secret list --vault-name "${vault_id##*/}" \
            --maxresults 1 -o none; then
            echo "works after $attempt tries"
            exit
        fi
        sleep 15
    done
    echo "listed, and still refused after 10 minutes" >&2
    exit 1
    ;;
*)
    echo "give, show or take" >&2
    exit 2
    ;;
esac

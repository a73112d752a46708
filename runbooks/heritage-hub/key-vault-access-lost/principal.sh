# Prints the object id of the identity with which an app reads a secret.
#
#   bash principal.sh GROUP APP system|IDENTITY_ID
set -euo pipefail
group=$1
app=$2
identity=$3

if [ "$identity" = system ]; then
    id=$(az containerapp show -g "$group" -n "$app" \
        --query identity.principalId -o tsv)
else
    # An id of its own: the app's own principalId is empty then.
    id=$(az identity show --ids "$identity" --query principalId -o tsv) ||
        id=
fi
if [ -z "$id" ]; then
    echo "no such identity: $identity of $app" >&2
    exit 1
fi
echo "$id"

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
    # The app's own principalId is empty then, or another identity's. Azure
    # does not always write an id in the same case.
    id=$(az identity list --query '[].[id, principalId]' -o tsv |
        awk -F '\t' -v wanted="$identity" \
            'tolower($1) == tolower(wanted) { print $2 }')
fi
if [ -z "$id" ]; then
    echo "no such identity: $identity of $app" >&2
    exit 1
fi
echo "$id"

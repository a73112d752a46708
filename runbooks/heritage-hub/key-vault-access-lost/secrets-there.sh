# Tells whether a vault holds every secret that an app refers to, by name.
#
#   bash secrets-there.sh GROUP APP VAULT
#
# Prints `all N there`; or `missing NAME` for each that is not there or not
# enabled, and exits 1.
set -euo pipefail
group=$1
app=$2
vault=$3

# A vault knows a name in whatever case it is written.
wanted=$(az containerapp show -g "$group" -n "$app" -o tsv --query \
    'properties.configuration.secrets[?keyVaultUrl].keyVaultUrl' |
    sed -n "s#^https://$vault\.vault\.azure\.net/secrets/\([^/]*\).*#\1#Ip" |
    tr A-Z a-z | sort -u)
there=$(az keyvault secret list --vault-name "$vault" -o tsv \
    --query '[?attributes.enabled].name' | tr A-Z a-z | sort -u)

if [ -z "$wanted" ]; then
    echo "$app refers to no secret of $vault" >&2
    exit 1
fi
lacking=$(comm -23 <(echo "$wanted") <(echo "$there"))
if [ -n "$lacking" ]; then
    sed 's/^/missing /' <<<"$lacking"
    exit 1
fi
echo "all $(wc -l <<<"$wanted") there"

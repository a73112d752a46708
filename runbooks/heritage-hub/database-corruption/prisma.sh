# Runs `prisma migrate status` or `deploy` on the copy, with the app's own
# connection string. The string is no program's argument and never printed.
#
#   bash prisma.sh status|deploy VAULT SECRET FROM_HOST TO_HOST CHECKOUT
#
# Exit 9: the string does not name FROM_HOST, nothing was started.
set -euo pipefail
from=$4
to=$5
cd "$6"

string=$(az keyvault secret show --vault-name "$2" --name "$3" \
    --query value -o tsv)
if [[ $string != *"$from"* ]]; then
    echo "$3 does not name $from; nothing was started" >&2
    exit 9
fi
# --no-install: the version of the checkout, never the newest of the world.
DATABASE_URL=${string//"$from"/"$to"} npx --no-install prisma migrate "$1"

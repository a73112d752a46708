# Stores a connection string with another host in it, and prints the id of the
# new version. The string itself is never printed, and is no program's argument.
#
#   bash store-string.sh VAULT SECRET FROM_HOST TO_HOST try|as-is
#
# `try` logs in with the new string first. Exit 9: the string does not name
# FROM_HOST, nothing was stored.
set -euo pipefail
umask 077
vault=$1
secret=$2
from=$3
to=$4
how=$5

old=$(az keyvault secret show --vault-name "$vault" --name "$secret" \
    --query value -o tsv)
new=${old//"$from"/"$to"}
if [ "$new" = "$old" ]; then
    echo "$secret does not name $from; nothing was stored" >&2
    exit 9
fi

# %40 is @ in a URL, and libpq's variables take it plain.
decoded() {
    printf '%b' "${1//%/\\x}"
}

if [ "$how" = try ]; then
    url='^[a-z]+://([^:@/]+):([^@/]*)@([^:/?]+)(:[0-9]+)?/([^?]+)'
    if ! [[ $new =~ $url ]]; then
        echo "$secret is no connection URL; nothing was stored" >&2
        exit 9
    fi
    PGUSER=$(decoded "${BASH_REMATCH[1]}") \
        PGPASSWORD=$(decoded "${BASH_REMATCH[2]}") \
        PGHOST=${BASH_REMATCH[3]} \
        PGPORT=${BASH_REMATCH[4]#:} \
        PGDATABASE=${BASH_REMATCH[5]} \
        PGSSLMODE=require \
        psql -XqAt -v ON_ERROR_STOP=1 -c 'SELECT 1' >/dev/null
fi

file=$(mktemp)
trap 'rm -f "$file"' EXIT
# Without a final newline: the vault would keep it, and the app stumble on it.
printf %s "$new" >"$file"
az keyvault secret set --vault-name "$vault" --name "$secret" \
    --file "$file" --encoding utf-8 --query id -o tsv

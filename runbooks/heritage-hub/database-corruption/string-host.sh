# Prints the newest version of a connection string and the host it names, and
# nothing else of it.
#
#   bash string-host.sh VAULT SECRET
#
# Exit 9: it is no connection URL. What it is then is not shown either.
set -euo pipefail
show() {
    az keyvault secret show --vault-name "$1" --name "$2" --query "$3" -o tsv
}

id=$(show "$1" "$2" id)
string=$(show "$1" "$2" value)
if ! [[ $string =~ ^[a-z]+://[^@/]+@([^:/?]+) ]]; then
    echo "$2 is no connection URL" >&2
    exit 9
fi
echo "id $id"
echo "host ${BASH_REMATCH[1]}"

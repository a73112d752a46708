# Prints the newest version of a connection string and the host it names, and
# nothing else of it.
#
#   bash string-host.sh VAULT SECRET
set -euo pipefail
show() {
    az keyvault secret show --vault-name "$1" --name "$2" --query "$3" -o tsv
}
echo "id $(show "$1" "$2" id)"
show "$1" "$2" value | sed -E 's#^[^@]*@([^:/?]+).*$#host \1#'

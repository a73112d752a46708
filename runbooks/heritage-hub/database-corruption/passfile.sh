# Prints a line for libpq's password file: this password for every server.
#
#   bash passfile.sh VAULT SECRET
#
# In that file `:` and `\` end a field unless a `\` stands before them.
set -euo pipefail
az keyvault secret show --vault-name "$1" --name "$2" --query value -o tsv |
    sed -e 's/[\\:]/\\&/g' -e 's/^/*:*:*:*:/'

# Lets addresses through a vault's firewall, tells whether they are let
# through, takes out again those that it added.
#
#   bash addresses.sh add|compare|remove GROUP VAULT ADDED <ADDRESSES
#
# ADDED is the file that remembers what was added. `compare` exits 1 if an
# address is missing.
set -euo pipefail
group=$2
vault=$3
added=$4

# A single address is kept by the vault as a range of one.
ranges() {
    sed -e '/^$/d' -e '/\//!s#$#/32#' | sort -u
}

rules() {
    az keyvault network-rule list -g "$group" -n "$vault" -o tsv \
        --query 'ipRules[].value'
}

if [ "$1" = remove ]; then
    if ! [ -e "$added" ]; then
        echo "nothing was added"
        exit
    fi
    while IFS= read -r range; do
        az keyvault network-rule remove -g "$group" -n "$vault" \
            --ip-address "$range" -o none </dev/null
        echo "removed $range"
    done <"$added"
    exit
fi

there=$(rules | ranges)
lacking=$(ranges | comm -23 - <(echo "$there"))
if [ -z "$lacking" ]; then
    echo "all there"
    exit
fi
if [ "$1" = compare ]; then
    sed 's/^/missing /' <<<"$lacking"
    exit 1
fi
while IFS= read -r range; do
    # Remembered first: one too many is harmless to take out.
    echo "$range" >>"$added"
    az keyvault network-rule add -g "$group" -n "$vault" \
        --ip-address "$range" -o none </dev/null
    echo "added $range"
done <<<"$lacking"

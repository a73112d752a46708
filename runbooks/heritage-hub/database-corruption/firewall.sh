# Brings the firewall rules of one server to another, or compares them.
#
#   bash firewall.sh copy|compare GROUP FROM TO
#
# `compare` exits 1 if TO lacks a rule of FROM.
set -euo pipefail
group=$2
from=$3
to=$4

rules() {
    az postgres flexible-server firewall-rule list -g "$group" \
        --server-name "$1" -o tsv \
        --query '[].[name,startIpAddress,endIpAddress]' | sort
}

# Into variables first: inside <(…) a failure would not be seen, and a list
# that could not be read would pass for an empty one.
wanted=$(rules "$from")
there=$(rules "$to")
lacking=$(comm -23 <(echo "$wanted") <(echo "$there"))
if [ -z "$lacking" ]; then
    echo "all rules are there"
    exit
fi
if [ "$1" = compare ]; then
    sed -e 's/^/lacks /' -e 's/\t/ /g' <<<"$lacking"
    exit 1
fi
while IFS=$'\t' read -r name start end; do
    az postgres flexible-server firewall-rule create -g "$group" \
        --server-name "$to" --name "$name" --start-ip-address "$start" \
        --end-ip-address "$end" -o none </dev/null
    echo "made $name $start $end"
done <<<"$lacking"

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
        --query 'sort_by(@,&name)[].[name,startIpAddress,endIpAddress]'
}

lacking=$(comm -23 <(rules "$from" | sort) <(rules "$to" | sort))
if [ "$1" = compare ]; then
    echo "${lacking:-all rules are there}"
    [ -z "$lacking" ]
    exit
fi
while IFS=$'\t' read -r name start end; do
    [ -n "$name" ] || continue
    az postgres flexible-server firewall-rule create -g "$group" \
        --server-name "$to" --name "$name" --start-ip-address "$start" \
        --end-ip-address "$end" -o none </dev/null
    echo "$name $start $end"
done <<<"$lacking"

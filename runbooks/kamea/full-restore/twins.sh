# Gives every device the desired properties and tags of the copy.
#
#   bash twins.sh HUB TWINS
#
# About a second for each device; may be repeated.
set -euo pipefail
umask 077
list=$(mktemp)
trap 'rm -f "$list"' EXIT
# All of it first: inside <(…) a copy that cannot be read would be an empty one.
python3 "$(dirname "$0")/registry.py" twins "$2" >"$list"
count=0
while IFS=$'\t' read -r device desired tags; do
    az iot hub device-twin update --hub-name "$1" --device-id "$device" \
        --desired "$desired" --tags "$tags" -o none </dev/null
    count=$((count + 1))
    [ $((count % 100)) -ne 0 ] || echo "$count"
done <"$list"
echo "twins applied $count"

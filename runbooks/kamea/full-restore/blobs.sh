# Restores named containers of an account to a moment. Without ranges the
# service would take the whole account back, so no range is an error.
#
#   bash blobs.sh ACCOUNT GROUP MOMENT CONTAINER...
set -euo pipefail
account=$1
group=$2
moment=$3
shift 3
[ "$#" -gt 0 ] || {
    echo "no container was named; nothing was restored" >&2
    exit 9
}
ranges=()
for container in "$@"; do
    # `0` is the character after `/`: everything in the container.
    ranges+=(--blob-range "$container/" "${container}0")
done
az storage blob restore --account-name "$account" -g "$group" \
    --time-to-restore "$moment" "${ranges[@]}" --no-wait -o none

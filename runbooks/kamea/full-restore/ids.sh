# Compares the names of the devices in the hub with those in the database.
#
#   bash ids.sh HUB CONNECTION
set -euo pipefail
hub=$(az iot hub device-identity list --hub-name "$1" --top -1 \
    --query '[].deviceId' -o tsv | LC_ALL=C sort)
database=$(psql -XqAt -v ON_ERROR_STOP=1 -d "$2" \
    -f "$(dirname "$0")/sql/device-ids.sql" | LC_ALL=C sort)
stray=$(LC_ALL=C comm -23 <(echo "$hub") <(echo "$database") | grep -c . || true)
absent=$(LC_ALL=C comm -13 <(echo "$hub") <(echo "$database") | grep -c . || true)
echo "only in the hub $stray"
echo "only in the database $absent"

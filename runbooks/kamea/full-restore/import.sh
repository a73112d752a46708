# Starts the import of devices.txt into the hub, and prints its job.
#
#   bash import.sh ACCOUNT CONTAINER HUB
#
# The address with its signature is a secret: it goes through a private file.
set -euo pipefail
umask 077
file=$(mktemp)
trap 'rm -f "$file"' EXIT
sas=$(az storage container generate-sas --account-name "$1" --name "$2" \
    --permissions rwdl --expiry "$(date -u -d '+6 hours' +%Y-%m-%dT%H:%MZ)" \
    --auth-mode login --as-user -o tsv)
printf 'https://%s.blob.core.windows.net/%s?%s' "$1" "$2" "$sas" >"$file"
az iot hub device-identity import --hub-name "$3" \
    --input-blob-container-uri "@$file" \
    --output-blob-container-uri "@$file" --query jobId -o tsv

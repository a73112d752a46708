# Fetches the broker's certificate and its authority, and judges both.
#
#   bash certificate.sh ACCOUNT SHARE CERTIFICATE AUTHORITY FOLDER
set -euo pipefail
for file in "$3" "$4"; do
    az storage file download --account-name "$1" -s "$2" -p "$file" \
        --dest "$5/$(basename "$file")" --auth-mode login \
        --enable-file-backup-request-intent --no-progress -o none
done
# 30 days: less would bring everybody back here soon.
openssl x509 -in "$5/$(basename "$3")" -noout -subject -enddate \
    -checkend 2592000
openssl verify -CAfile "$5/$(basename "$4")" "$5/$(basename "$3")"

# Fetches the broker's certificate and its authority, and judges both.
#
#   bash certificate.sh ACCOUNT SHARE CERTIFICATE AUTHORITY FOLDER
set -euo pipefail
for file in "$3" "$4"; do
    az storage file download --account-name "$1" -s "$2" -p "$file" \
        --dest "$5/$(basename "$file")" --auth-mode login \
        --enable-file-backup-request-intent --no-progress -o none
done
certificate=$5/$(basename "$3")
openssl x509 -in "$certificate" -noout -subject -enddate
# By the authority on the share, never by one that this host trusts; what stands
# between the two may lie in the certificate's own file.
SSL_CERT_DIR=/dev/null openssl verify -CAfile "$5/$(basename "$4")" \
    -untrusted "$certificate" "$certificate"
# 30 days: less would bring everybody back here soon.
openssl x509 -in "$certificate" -noout -checkend 2592000

# Opens an off-site copy: checks its sum, decrypts it, keeps it private.
#
#   bash open-copy.sh FOLDER NAME TO
#
# The key is in COPIES_KEY. CBC does not notice a changed byte; the sum does.
set -euo pipefail
umask 077
folder=$1
name=$2
to=$3

sum=$(grep -F "  $name.enc" "$folder/SHA256SUMS")
(cd "$folder" && sha256sum --check --quiet - <<<"$sum")
openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass env:COPIES_KEY \
    -in "$folder/$name.enc" -out "$to.part"
mv "$to.part" "$to"
echo "$name is open"

# Lets Terraform forget one server and know another in its place.
#
#   bash adopt.sh FOLDER OLD_ID NEW_ID BEFORE
#
# The state as it was goes to BEFORE. Whatever hangs on the old server (its
# databases, rules, settings) follows; what the new one lacks is left to the
# plan, which creates it.
set -euo pipefail
umask 077
folder=$1
old=$2
new=$3
before=$4

terraform -chdir="$folder" state pull >"$before.part"
mv "$before.part" "$before"
known=$(python3 "$(dirname "$0")/state.py" under "$old" <"$before")
[ -n "$known" ] || {
    echo "the state knows nothing of $old" >&2
    exit 9
}
imported=0
left=0
while IFS=$'\t' read -r address id; do
    terraform -chdir="$folder" state rm "$address" >/dev/null </dev/null
    if terraform -chdir="$folder" import -input=false -no-color "$address" \
        "$new${id#"$old"}" >/dev/null </dev/null; then
        echo "imported $address"
        imported=$((imported + 1))
    elif [ "$id" = "$old" ]; then
        # Without the server itself the next plan would create a second one.
        echo "$address was not imported" >&2
        exit 1
    else
        echo "left to the plan $address"
        left=$((left + 1))
    fi
done <<<"$known"
echo "imported $imported, left $left"

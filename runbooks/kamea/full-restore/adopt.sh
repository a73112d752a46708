# Lets Terraform forget one server and know another in its place.
#
#   bash adopt.sh FOLDER OLD_ID NEW_ID BEFORE
#
# The state as it was goes to BEFORE, once: a second try goes on where the
# first was cut off. Whatever hangs on the old server (its databases, rules,
# settings) follows; what the new one lacks is left to the plan.
set -euo pipefail
umask 077
here=$(dirname "$0")
folder=$1
old=$2
new=$3
before=$4

if ! [ -e "$before" ]; then
    terraform -chdir="$folder" state pull >"$before.part"
    mv "$before.part" "$before"
fi
known=$(python3 "$here/state.py" under "$old" <"$before")
[ -n "$known" ] || {
    echo "the state knows nothing of $old" >&2
    exit 9
}
now=$(terraform -chdir="$folder" state pull)
still=$(python3 "$here/state.py" under "$old" <<<"$now" | cut -f 1)
there=$(python3 "$here/state.py" under "$new" <<<"$now" | cut -f 1)

imported=0
left=0
while IFS=$'\t' read -r address id; do
    if grep -qxF -- "$address" <<<"$there"; then
        imported=$((imported + 1))
        continue
    fi
    if grep -qxF -- "$address" <<<"$still"; then
        terraform -chdir="$folder" state rm "$address" >/dev/null </dev/null
    fi
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

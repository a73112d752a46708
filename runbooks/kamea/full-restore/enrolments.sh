# Creates the enrolments of the copy that the provisioning service lacks.
#
#   bash enrolments.sh DPS GROUP COPY CA_NAME
#
# Keys go through private files: an argument could be read by anybody here.
set -euo pipefail
umask 077
dps=$1
group=$2
copy=$3
ca=$4
here=$(dirname "$0")
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

there=$(
    az iot dps enrollment-group list --dps-name "$dps" -g "$group" \
        --query '[].enrollmentGroupId' -o tsv
    az iot dps enrollment list --dps-name "$dps" -g "$group" \
        --query '[].registrationId' -o tsv
)
created=0
kept=0
while IFS=$'\t' read -r kind id how; do
    if grep -qxF -- "$id" <<<"$there"; then
        kept=$((kept + 1))
        continue
    fi
    [ "$kind" = group ] && noun=enrollment-group || noun=enrollment
    words=(--dps-name "$dps" -g "$group" --enrollment-id "$id" -o none)
    [ "$kind" = group ] || words+=(--attestation-type "${how,,}")
    case ${how,,} in
    symmetrickey)
        python3 "$here/registry.py" key "$copy" "$id" first >"$keys/1"
        python3 "$here/registry.py" key "$copy" "$id" second >"$keys/2"
        words+=(--primary-key "@$keys/1" --secondary-key "@$keys/2")
        ;;
    x509)
        [ "$kind" = group ] || {
            echo "$id: its own certificate; create it by hand" >&2
            exit 9
        }
        words+=(--ca-name "$ca")
        ;;
    *)
        echo "$id: $how cannot be replayed; create it by hand" >&2
        exit 9
        ;;
    esac
    az iot dps "$noun" create "${words[@]}" </dev/null
    created=$((created + 1))
done < <(python3 "$here/registry.py" enrolments "$copy")
echo "created $created, kept $kept"

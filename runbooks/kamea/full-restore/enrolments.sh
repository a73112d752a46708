# Creates the enrolments of the copy that the provisioning service lacks, or
# counts them.
#
#   bash enrolments.sh create DPS GROUP COPY
#   bash enrolments.sh lacking DPS GROUP COPY
#
# One that was disabled comes back disabled. A group whose devices a CA signs
# gets the CA that the copy names, which has to be there before.
# Keys go through private files: an argument could be read by anybody here.
set -euo pipefail
umask 077
verb=$1
dps=$2
group=$3
copy=$4
here=$(dirname "$0")
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

# Into variables first: inside <(…) a failure would not be seen.
copied=$(python3 "$here/registry.py" enrolments "$copy")
groups=$(az iot dps enrollment-group list --dps-name "$dps" -g "$group" \
    --query '[].enrollmentGroupId' -o tsv)
singles=$(az iot dps enrollment list --dps-name "$dps" -g "$group" \
    --query '[].registrationId' -o tsv)

created=0
kept=0
lacking=0
by_hand=0
while IFS=$'\t' read -r kind id how status ca; do
    [ -n "$kind" ] || continue
    there=$groups
    [ "$kind" = group ] || there=$singles
    if grep -qxF -- "$id" <<<"$there"; then
        kept=$((kept + 1))
        continue
    fi
    lacking=$((lacking + 1))
    [ "$verb" = create ] || continue
    how=${how,,}
    # Signed by an intermediate: the service gives its certificate to nobody.
    [ "$kind/$how/$ca" != group/x509/- ] || how='intermediate certificate'
    if [ "$how" = symmetrickey ]; then
        python3 "$here/registry.py" key "$copy" "$kind" "$id" first >"$keys/1"
        python3 "$here/registry.py" key "$copy" "$kind" "$id" second >"$keys/2"
    fi
    case $kind/$how in
    group/symmetrickey)
        az iot dps enrollment-group create --dps-name "$dps" -g "$group" \
            --enrollment-id "$id" --primary-key "@$keys/1" \
            --secondary-key "@$keys/2" --provisioning-status "$status" \
            -o none </dev/null
        ;;
    group/x509)
        az iot dps enrollment-group create --dps-name "$dps" -g "$group" \
            --enrollment-id "$id" --ca-name "$ca" \
            --provisioning-status "$status" -o none </dev/null
        ;;
    single/symmetrickey)
        az iot dps enrollment create --dps-name "$dps" -g "$group" \
            --enrollment-id "$id" --attestation-type symmetrickey \
            --primary-key "@$keys/1" --secondary-key "@$keys/2" \
            --provisioning-status "$status" -o none </dev/null
        ;;
    *)
        echo "$id: a $kind by $how; create it by hand" >&2
        by_hand=$((by_hand + 1))
        continue
        ;;
    esac
    created=$((created + 1))
done <<<"$copied"
if [ "$verb" = lacking ]; then
    echo "lacking $lacking, there $kept"
    exit
fi
if [ "$by_hand" -gt 0 ]; then
    echo "$by_hand left to create by hand; $created were created" >&2
    exit 9
fi
echo "created $created, kept $kept"

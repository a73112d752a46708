# Brings the parameters that were set on one server to another, or compares.
#
#   bash parameters.sh copy|compare GROUP FROM TO
#
# `compare` exits 1 if TO has another value for a parameter set on FROM, or one
# that is not in force before a restart.
set -euo pipefail
group=$2
from=$3
to=$4

parameters() {
    az postgres flexible-server parameter list -g "$group" \
        --server-name "$1" -o tsv --query "$2" | sort
}

# Into variables first: inside <(…) a failure would not be seen.
wanted=$(parameters "$from" "[?source=='user-override'].[name,value]")
there=$(parameters "$to" '[].[name,value]')
different=$(comm -23 <(echo "$wanted") <(echo "$there"))
# A value that was set before may still wait for the restart that was cut off.
waiting=$(parameters "$to" '[?isConfigPendingRestart].[name]')
if [ -z "$different$waiting" ]; then
    echo "all parameters are equal"
    exit
fi
if [ "$1" = compare ]; then
    sed -e '/./!d' -e 's/^/differs /' -e 's/\t/ /g' <<<"$different"
    sed -e '/./!d' -e 's/$/ until it is restarted/' \
        -e 's/^/differs /' <<<"$waiting"
    exit 1
fi
while IFS=$'\t' read -r name value; do
    [ -n "$name" ] || continue
    az postgres flexible-server parameter set -g "$group" \
        --server-name "$to" --name "$name" --value "$value" -o none </dev/null
    echo "set $name to $value"
done <<<"$different"
waiting=$(parameters "$to" '[?isConfigPendingRestart].[name]')
if [ -n "$waiting" ]; then
    echo "restarting for ${waiting//$'\n'/, }"
    az postgres flexible-server restart -g "$group" -n "$to" -o none
fi

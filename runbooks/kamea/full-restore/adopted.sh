# Says whether the state knows the old server, the new one, or neither.
#
#   bash adopted.sh FOLDER OLD_ID NEW_ID
set -euo pipefail
here=$(dirname "$0")
state=$(terraform -chdir="$1" state pull)
knows() {
    [ -n "$(python3 "$here/state.py" under "$1" <<<"$state")" ]
}
if knows "$2"; then
    echo old
elif knows "$3"; then
    echo new
else
    echo neither
fi

# Runs a command as the account that owns the lab's servers.
#
#   sh as-server.sh ACCOUNT COMMAND [ARGUMENT...]
#
# PostgreSQL refuses to run as root, and it is right. Root drops to ACCOUNT
# for good (no way back up); anybody else already is the account.
# The folder is left first: the account may not read the operator's.
set -eu
account=$1
shift
cd /
if [ "$(id -u)" -eq 0 ]; then
    export HOME=/nonexistent
    exec setpriv --reuid="$account" --regid="$(id -g "$account")" \
        --init-groups --no-new-privs -- "$@"
fi
exec "$@"

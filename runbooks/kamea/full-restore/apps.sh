# Acts on every consumer of the database, or says how each one is.
#
#   bash apps.sh stop|start|restart|states GROUP APP...
#   bash apps.sh set-host|hosts GROUP HOST APP...
#
# An APP is webapp/NAME or functionapp/NAME.
set -euo pipefail
verb=$1
group=$2
shift 2
case $verb in
set-host | hosts)
    host=$1
    shift
    ;;
esac

for app in "$@"; do
    kind=${app%%/*}
    name=${app#*/}
    case $verb in
    stop | start | restart)
        az "$kind" "$verb" -g "$group" -n "$name" -o none
        echo "$name: $verb"
        ;;
    states)
        state=$(az "$kind" show -g "$group" -n "$name" --query state -o tsv)
        echo "$name: $state"
        ;;
    set-host)
        # The settings hold secrets, and `set` would print them all.
        az "$kind" config appsettings set -g "$group" -n "$name" \
            --settings "DB_HOST=$host" -o none
        echo "$name: $host"
        ;;
    hosts)
        now=$(az "$kind" config appsettings list -g "$group" -n "$name" \
            --query "[?name=='DB_HOST'].value | [0]" -o tsv)
        [ "$now" = "$host" ] && echo "$name: right" || echo "$name: $now"
        ;;
    esac
done

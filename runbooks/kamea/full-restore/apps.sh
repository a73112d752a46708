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

# The settings hold secrets, and `set` would print them all.
set_host() {
    if [ "$1" = functionapp ]; then
        az functionapp config appsettings set -g "$group" -n "$2" \
            --settings "DB_HOST=$host" -o none
    else
        az webapp config appsettings set -g "$group" -n "$2" \
            --settings "DB_HOST=$host" -o none
    fi
}

host_of() {
    if [ "$1" = functionapp ]; then
        az functionapp config appsettings list -g "$group" -n "$2" \
            --query "[?name=='DB_HOST'].value | [0]" -o tsv
    else
        az webapp config appsettings list -g "$group" -n "$2" \
            --query "[?name=='DB_HOST'].value | [0]" -o tsv
    fi
}

# What is asked is said at the end: an answer about some is none about all.
answers=
for app in "$@"; do
    kind=${app%%/*}
    name=${app#*/}
    case $verb in
    stop | start | restart)
        az resource invoke-action --action "$verb" -g "$group" -n "$name" \
            --resource-type Microsoft.Web/sites -o none
        echo "$name: $verb"
        ;;
    states)
        state=$(az resource show -g "$group" -n "$name" \
            --resource-type Microsoft.Web/sites \
            --query properties.state -o tsv)
        answers+="$name: $state"$'\n'
        ;;
    set-host)
        set_host "$kind" "$name"
        echo "$name: $host"
        ;;
    hosts)
        now=$(host_of "$kind" "$name")
        if [ "$now" = "$host" ]; then
            answers+="$name: right"$'\n'
        else
            answers+="$name: elsewhere, ${now:-nowhere}"$'\n'
        fi
        ;;
    esac
done
printf %s "$answers"

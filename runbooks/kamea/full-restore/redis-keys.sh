# Says whether Redis holds a key that never expires for each device: what it
# knows of a device does not expire, last values may.
#
#   bash redis-keys.sh HOST PORT DEVICES
#
# The password is in REDISCLI_AUTH. Prints whole, short by N, or nearly empty.
set -euo pipefail
host=$1
port=$2
devices=$3
ask() {
    redis-cli -e -h "$host" -p "$port" "$@" | tr -d '\r'
}
[ "$(ask PING)" = PONG ]
append=$(ask CONFIG GET appendonly | tail -n 1)
ask INFO keyspace | awk -F '[=,]' -v append="$append" -v devices="$devices" '
    /^db/ { keys += $2; expire += $4 }
    END {
        permanent = keys - expire
        print "permanent keys " permanent ", expiring " expire + 0
        print "devices " devices ", appendonly " append
        if (permanent >= devices) print "whole"
        else if (permanent * 2 < devices) print "nearly empty"
        else print "short by " devices - permanent
    }'

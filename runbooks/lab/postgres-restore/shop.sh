#!/usr/bin/env bash
# The shop's own traffic: one client that sells, one that only reads.
#
#   bash shop.sh FOLDER PSQL
#
# Both keep one session open, as a web shop does, and come back by themselves
# one second after they lost it. FOLDER holds order.sql and report.sql. They go
# on while the file `open` is there, idle while `pause` is, and the last one
# out makes `closed`.
set -euo pipefail
folder=$1
psql=$2
cd "$folder"

feed() { # FILE SECONDS: the file again and again, until nobody reads it
    while [ -e open ]; do
        [ -e pause ] || cat "$1" || return
        sleep "$2"
    done
}

client() { # ROLE NAME FILE SECONDS
    while [ -e open ]; do
        feed "$3" "$4" | "$psql" -XqAt -v ON_ERROR_STOP=1 \
            -d "host=$folder/db port=5432 dbname=shop user=$1 application_name=$2" ||
            echo "$2: session lost, trying again"
        sleep 1
    done
}

client shop_web web order.sql 0.1 &
client shop_report report report.sql 1 &
wait
[ ! -d "$folder" ] || : >closed

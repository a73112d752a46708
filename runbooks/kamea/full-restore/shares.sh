# Restores several file shares of one account, each to its last recovery point
# that is not after a moment, or says how these restores stand.
#
#   bash shares.sh restore GROUP VAULT ACCOUNT MOMENT JOBS SHARE...
#   bash shares.sh asked JOBS SHARE...    which of them were asked for
#   bash shares.sh jobs GROUP VAULT JOBS
#
# JOBS is a file with a line for each share: its name and the job.
set -euo pipefail
here=$(dirname "$0")

# Whether a restore of the share SHARE stands in JOBS.
asked() { # asked JOBS SHARE
    [ -e "$1" ] && cut -d ' ' -f 1 "$1" | grep -qxF -- "$2"
}

verb=$1
if [ "$verb" = asked ]; then
    jobs=$2
    shift 2
    left=0
    for share in "$@"; do
        asked "$jobs" "$share" && continue
        echo "$share not asked for"
        left=$((left + 1))
    done
    [ "$left" -gt 0 ] || echo "all asked for"
    exit
fi

group=$2
vault=$3
shift 3

if [ "$verb" = jobs ]; then
    while read -r share job; do
        state=$(az backup job show -g "$group" -v "$vault" -n "$job" \
            --query properties.status -o tsv </dev/null)
        echo "$share $state"
    done <"$1"
    exit
fi

account=$1
moment=$2
jobs=$3
shift 3
for share in "$@"; do
    # Asked for before, by an attempt that was cut short.
    if asked "$jobs" "$share"; then
        continue
    fi
    points=$(bash "$here/recovery-point.sh" "$group" "$vault" "$account" \
        "$share" "$moment") || {
        code=$?
        echo "$share: ${points##*$'\n'}" >&2
        exit "$code"
    }
    point=$(awk '/^take / { print $2 }' <<<"$points")
    job=$(az backup restore restore-azurefileshare -g "$group" -v "$vault" \
        -c "$account" -i "$share" --rp-name "$point" \
        --restore-mode OriginalLocation --resolve-conflict Overwrite \
        --query name -o tsv)
    echo "$share $job" >>"$jobs"
done
cat "$jobs"

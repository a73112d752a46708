# Finds the last recovery point of a file share that is not after a moment.
#
#   bash recovery-point.sh GROUP VAULT ACCOUNT SHARE MOMENT
#
# All points are printed, and the chosen one last. Both kinds of time are UTC,
# so their first 19 characters sort as text.
set -euo pipefail
# Into a variable first: a list that was refused is none without points.
points=$(az backup recoverypoint list -g "$1" -v "$2" -c "$3" -i "$4" \
    --backup-management-type AzureStorage --workload-type AzureFileShare \
    --query 'sort_by([].{n:name,t:properties.recoveryPointTime},&t)[].[n,t]' \
    -o tsv)
awk -F '\t' -v moment="${5:0:19}" '
    NF == 0 { next }
    { print $1, $2 }
    substr($2, 1, 19) <= moment { name = $1; time = substr($2, 1, 19) }
    END {
        if (name == "") { print "no point at or before " moment; exit 3 }
        print "take", name, "of", time "Z"
    }' <<<"$points"

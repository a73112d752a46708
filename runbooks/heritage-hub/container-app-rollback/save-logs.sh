# Saves what the platform and the containers of a revision have said, while
# there are replicas that can still be asked.
#
#   bash save-logs.sh GROUP APP REVISION
#
# The platform's log cannot be asked for one revision: all of it is kept, and
# the lines of this one are counted. 300 lines are the most it gives.
set -euo pipefail
group=$1
app=$2
revision=$3

az containerapp logs show -g "$group" -n "$app" --type system --tail 300 \
    >system.jsonl.part
mv system.jsonl.part system.jsonl
of_it=$(grep -cF "\"$revision\"" system.jsonl || true)
echo "system.jsonl: $(wc -l <system.jsonl) lines, $of_it of $revision"

: >console.jsonl
replicas=$(az containerapp replica list -g "$group" -n "$app" \
    --revision "$revision" --query '[].name' -o tsv)
for replica in $replicas; do
    # A replica may die while it is asked; the others are asked all the same.
    az containerapp logs show -g "$group" -n "$app" --type console \
        --revision "$revision" --replica "$replica" --tail 300 \
        >>console.jsonl || echo "replica $replica could not be asked" >&2
done
said=$(wc -l <console.jsonl)
echo "console.jsonl: $said lines of $(wc -w <<<"$replicas") replicas"
echo "saved $((of_it + said)) lines of $revision"

{ grep -F "\"$revision\"" system.jsonl || true; } | tail -n 3 |
    sed -nE 's/.*"Msg": *"([^"]*)", *"Reason": *"([^"]*)".*/\2: \1/p'

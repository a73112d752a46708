# Says how a subscription is, and whether a moment has come.
#
#   bash clock.sh SUBSCRIPTION MOMENT
#
# Asks Azure, not the sign-in's memory, which would say Enabled for days.
set -euo pipefail
state=$(az rest --method get \
    --url "/subscriptions/$1?api-version=2022-12-01" --query state -o tsv)
clock=running
if [ "$state" = Enabled ]; then
    clock=enabled
elif [ "$(date -u +%s)" -ge "$(date -u -d "$2" +%s)" ]; then
    clock=over
fi
printf '{"state": "%s", "clock": "%s"}\n' "$state" "$clock"

# Puts two revisions side by side: when each was made, whether it is active,
# and which image it was told to run.
#
#   bash pair.sh GROUP APP FAILING GOOD
set -euo pipefail
group=$1
app=$2

describe() {
    az containerapp revision show -g "$group" -n "$app" --revision "$1" \
        -o tsv --query "join(' ',[name, properties.createdTime, \
to_string(properties.active), properties.template.containers[0].image])"
}

failing=$(describe "$3")
good=$(describe "$4")
echo "failing $failing"
echo "good    $good"

read -r _ failing_made _ failing_image <<<"$failing"
read -r _ good_made _ good_image <<<"$good"
# Times of one service, written alike: the order of the text is theirs.
if [[ ! $good_made < $failing_made ]]; then
    echo "the good revision is not older than the failing one" >&2
    exit 1
fi
if [ "$failing_image" = "$good_image" ]; then
    echo "images same"
elif [[ $good_image == *@sha256:* ]]; then
    echo "images pinned"
else
    echo "images tagged"
fi

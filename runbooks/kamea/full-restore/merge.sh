# Merges the copy's rows into the damaged database, or takes that back: all of
# it in one transaction, or nothing.
#
#   bash merge.sh merge DAMAGED WANTED TABLE...
#   bash merge.sh unmerge DAMAGED any TABLE...
set -euo pipefail
how=$1
damaged=$2
wanted=$3
shift 3
psql -XqAt -v ON_ERROR_STOP=1 --single-transaction -v source=dr_stage \
    -v tables="$*" -v wanted="$wanted" -d "$damaged" \
    -f "$(dirname "$0")/sql/$how.sql"

# Prints a key that nobody has seen before and nobody needs afterwards.
set -eu
key=$(od -An -N12 -tx1 /dev/urandom)
# Unquoted on purpose: it is split at its blanks and printed without them.
# shellcheck disable=SC2086
printf %s $key

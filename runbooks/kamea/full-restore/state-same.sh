# Binds the working copy to the backend, and says which state it gets.
#
#   bash state-same.sh FOLDER
#
# `state pull` prints every password, so it goes nowhere but into the pipe.
set -euo pipefail
terraform -chdir="$1" init -input=false -reconfigure -no-color >/dev/null
terraform -chdir="$1" state pull | python3 "$(dirname "$0")/state.py" show -

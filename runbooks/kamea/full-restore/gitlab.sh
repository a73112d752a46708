# Talks to the Terraform state in GitLab. The token is in GITLAB_TOKEN, and
# reaches curl through a pipe, so that no process list shows it.
#
#   bash gitlab.sh look URL COPY CURRENT   compares; CURRENT keeps GitLab's
#   bash gitlab.sh put URL FILE            prints the HTTP status
#   bash gitlab.sh back URL FILE           as put; without FILE, there was none
#   bash gitlab.sh unlock URL
#   bash gitlab.sh locked URL              says locked or free; changes nothing
set -euo pipefail
umask 077
here=$(dirname "$0")
url=$2

# printf is the shell's own: no program gets the token as an argument.
gitlab() {
    curl -sS -H @<(printf 'PRIVATE-TOKEN: %s\n' "$GITLAB_TOKEN") "$@"
}

put() {
    gitlab --fail-with-body -X POST -H 'Content-Type: application/json' \
        --data-binary "@$1" -o /dev/null -w '%{http_code}\n' "$url"
}

case $1 in
look)
    # Only what GitLab gave whole and as its state gets the name that `back`
    # puts there again.
    status=$(gitlab -o "$4.part" -w '%{http_code}' "$url")
    case $status in
    200)
        mv "$4.part" "$4"
        python3 "$here/state.py" compare "$3" "$4"
        ;;
    204 | 404)
        rm -f "$4" "$4.part"
        echo none
        ;;
    *)
        rm -f "$4.part"
        echo "GitLab answered $status" >&2
        exit 22
        ;;
    esac
    ;;
put) put "$3" ;;
back)
    if [ -e "$3" ]; then
        put "$3"
    else
        gitlab --fail-with-body -X DELETE "$url"
    fi
    ;;
unlock)
    gitlab --fail-with-body -X DELETE "$url/lock"
    echo unlocked
    ;;
locked)
    path=$(gitlab --fail-with-body "${url%/terraform/*}" |
        python3 -c 'import json,sys; print(json.load(sys.stdin)["path_with_namespace"])')
    ask='query($p: ID!, $n: String!) {
        project(fullPath: $p) { terraformState(name: $n) { lockedAt } } }'
    python3 -c 'import json,sys
print(json.dumps({"query": sys.argv[1], "variables": {"p": sys.argv[2], "n": sys.argv[3]}}))' \
        "$ask" "$path" "${url##*/}" |
        gitlab --fail-with-body -H 'Content-Type: application/json' \
            -d @- "${url%%/api/*}/api/graphql" |
        python3 -c 'import json,sys
state = json.load(sys.stdin)["data"]["project"]["terraformState"]
print("locked" if state and state["lockedAt"] else "free")'
    ;;
esac

# Prints the folder of the newest complete PostgreSQL on this machine.
#
# Client and server come from the same folder, so that no tool is older than
# the server it talks to. A folder counts only when it can also restore.
set -eu

complete() { # FOLDER
    for tool in initdb pg_ctl postgres psql pg_basebackup pg_verifybackup \
        pg_dump pg_restore vacuumdb; do
        [ -x "$1/$tool" ] || return 1
    done
}

major() { # the words of `postgres --version`: 15 of `postgres (PostgreSQL) 15.18`
    printf '%s\n' "${3%%[!0-9]*}"
}

best=
newest=0
for folder in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin \
    /usr/pgsql-*/bin /usr/local/pgsql/bin /usr/local/bin /usr/bin; do
    complete "$folder" || continue
    # shellcheck disable=SC2046 # the words are wanted one by one
    this=$(major $("$folder/postgres" --version))
    if [ "$this" -gt "$newest" ]; then
        best=$folder
        newest=$this
    fi
done

if [ -z "$best" ]; then
    echo "no complete PostgreSQL server found; install the package" >&2
    echo "postgresql (Debian, Ubuntu) or postgresql-server (Fedora)" >&2
    exit 1
fi
printf '%s\n' "$best"

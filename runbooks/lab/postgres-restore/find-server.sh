# Prints the folder of the newest complete PostgreSQL on this machine.
#
# Client and server come from the same folder, so that no tool is older than
# the server it talks to. A folder counts only when it can also restore.
set -eu

complete() {
    for tool in initdb pg_ctl postgres psql pg_basebackup pg_verifybackup \
        pg_dump pg_restore pg_isready vacuumdb; do
        [ -x "$1/$tool" ] || return 1
    done
}

{
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
        printf '%s\n' "$folder"
    done | sort -rV
    pg_config --bindir 2>/dev/null || true
    printf '%s\n' /usr/local/pgsql/bin /usr/local/bin /usr/bin
} | while read -r folder; do
    if complete "$folder"; then
        printf '%s\n' "$folder"
        break
    fi
done | grep . || {
    echo "no complete PostgreSQL server found; install the package" >&2
    echo "postgresql (Debian, Ubuntu) or postgresql-server (Fedora)" >&2
    exit 1
}

# Keeps one finished WAL file: sh archive.sh FOLDER PATH NAME
#
# The server calls this for each file and forgets the file when it returns 0.
# A file that is there already is never overwritten, and a name appears only
# when its content is whole, so that no restore can find half of one.
set -eu
[ ! -e "$1/$3" ]
cp "$2" "$1/$3.part"
mv "$1/$3.part" "$1/$3"

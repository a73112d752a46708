# Opens the door after a moment and stays, but never longer than ten minutes.
home=$1
sleep 2
echo open >"$home/door"
exec sleep 600

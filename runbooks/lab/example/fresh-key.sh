# Prints a key that nobody has seen before and nobody needs afterwards.
od -An -N12 -tx1 /dev/urandom | tr -d ' \n'

# Writes the word into the till, if the key fits and somebody said why.
[ -s "$TILL_KEY_FILE" ] || { echo "no key for the till" >&2; exit 1; }
IFS= read -r why
printf '%s: %s\n' "$1" "$why" >"$SHOP_HOME/till"
cat "$SHOP_HOME/till"

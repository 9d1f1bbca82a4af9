#!/bin/sh
# Runs the tests, with a temporary folder of their own that is removed however they end. Files named
# in TOOK get how many seconds that took, where every test passed.
# usage: run.sh DENO ARGUMENT…
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
began=$(date +%s)
# Many tests wait for something most of the time: twice as many as there are processors go on at once.
processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
export TMPDIR="$folder" DENO_JOBS="${DENO_JOBS:-$((processors * 2))}" PATH="${1%/*}:$PATH"
# Examples cannot say in their names that they are not run.
examples=client/terminal/terminal.ts,client/ssh_keys/ssh_keys.ts
if ! command -v script >/dev/null; then
  echo "the examples in $examples ... ignored (not run: no script)"
  set -- "$@" "--ignore=$examples"
fi
"$@"
status=$?
if [ "$status" -eq 0 ] && [ "$TOOK" ]; then echo $(($(date +%s) - began)) >"$TOOK"; fi
exit "$status"

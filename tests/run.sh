#!/bin/sh
# Runs the tests, with a temporary folder of their own that is removed however they end. Files named
# in TOOK get how many seconds that took, where every test passed.
# usage: run.sh DENO ARGUMENT…
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
began=$(date +%s)
# Many tests wait for something most of the time: three times as many as there are processors go on at once.
processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
export TMPDIR="$folder" DENO_JOBS="${DENO_JOBS:-$((processors * 3))}" PATH="${1%/*}:$PATH"
# Examples cannot say in their names that they are not run, and --ignore misses some of them.
if ! command -v script >/dev/null; then
  for argument; do
    shift
    case $argument in
      client | client/terminal | client/ssh_keys | client/files)
        # shellcheck disable=SC2046 # none of these names holds a space
        set -- "$@" $(find "$argument" -name '*.ts' ! -name terminal.ts ! -name ssh_keys.ts ! -name file_transfers.ts)
        echo "the examples of terminals, SSH keys and files in $argument ... ignored (not run: no script)"
        ;;
      *) set -- "$@" "$argument" ;;
    esac
  done
fi
"$@"
status=$?
if [ "$status" -eq 0 ] && [ "$TOOK" ]; then echo $(($(date +%s) - began)) >"$TOOK"; fi
exit "$status"

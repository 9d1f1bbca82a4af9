#!/bin/sh
# The machine's `stty`, except that the 25 s of silence after which a read ends are fewer.
# usage: stty FOLDER TENTHS [ARGUMENT]…
tenths=$2
shift 2
for word; do
  shift
  [ "$word" != 250 ] || word=$tenths
  set -- "$@" "$word"
done
exec /usr/bin/stty "$@"

#!/bin/sh
# `pkill`, `pgrep` and `killall` kept to one container: the real ones reach the whole machine.
# usage: pkill FOLDER pkill|pgrep|killall [-SIGNAL] [-x] [-f] PATTERN
folder=$1
name=$2
shift 2
PATH=/usr/bin:/bin

signal=-TERM
whole=''
full=''
[ "$name" != killall ] || whole=yes
while [ $# -gt 1 ]; do
  case $1 in
    -x | --exact) whole=yes ;;
    -f | --full) full=yes ;;
    -[A-Z0-9]*) signal=$1 ;;
    -*) ;;
    *) break ;;
  esac
  shift
done
[ $# -eq 1 ] || {
  echo "$name: the simulator's takes [-SIGNAL] [-x] [-f] PATTERN" >&2
  exit 2
}

status=1
for pid in $(/bin/sh "${0%/*}/processes.sh" pids "$folder"); do
  [ "$pid" != $$ ] || continue
  if [ "$full" ]; then
    subject=$(tr '\0' ' ' <"/proc/$pid/cmdline")
  else
    read -r subject <"/proc/$pid/comm"
  fi 2>/dev/null || continue
  printf '%s\n' "${subject% }" | grep -Eq ${whole:+-x} -e "$1" || continue
  case $name in
    pgrep) echo "$pid" ;;
    *) kill "$signal" "$pid" 2>/dev/null ;;
  esac && status=0
done
exit "$status"

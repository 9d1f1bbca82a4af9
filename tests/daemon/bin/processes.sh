#!/bin/sh
# The processes of a container: those with its folder in their environment or as where they are,
# and all their children.
# usage: processes list|pids|kill FOLDER [PID TO PASS OVER]…
PATH=/usr/sbin:/usr/bin:/sbin:/bin
verb=$1
folder=$2
shift 2

find_pids() {
  marked=$(
    {
      grep -lF -- "$folder/" /proc/[0-9]*/environ
      find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$folder/*"
    } 2>/dev/null | cut -d/ -f3
  )
  # The name of a program may hold spaces and parentheses.
  cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (.*) / /' |
    awk -v marked="$marked" -v passed="$*" '
      BEGIN {
        count = split(marked, list, " ")
        for (i = 1; i <= count; i++) ours[list[i]] = 1
        count = split(passed, list, " ")
        for (i = 1; i <= count; i++) others[list[i]] = 1
      }
      $2 != "Z" && $2 != "X" { parent[$1] = $3 }
      END {
        do {
          grown = 0
          for (pid in parent) {
            if (!(pid in ours) && parent[pid] in ours) { ours[pid] = 1; grown = 1 }
          }
        } while (grown)
        for (pid in ours) if (pid in parent && !(pid in others)) print pid
      }'
}

case $verb in
  list)
    for pid in $(find_pids "$@"); do
      line=$(tr '\0\n' '  ' <"/proc/$pid/cmdline") 2>/dev/null
      [ -z "$line" ] || printf '%s\n' "${line% }"
    done
    ;;
  pids) find_pids "$@" ;;
  kill)
    # What is killed may just have started another; what cannot be killed is not waited for.
    rounds=0
    while pids=$(find_pids "$@") && [ -n "$pids" ] && [ "$rounds" -lt 100 ]; do
      rounds=$((rounds + 1))
      for pid in $pids; do
        kill -KILL "$pid"
      done 2>/dev/null
    done
    ;;
esac
exit 0

#!/bin/sh
# What a container's `sudo` does, without any root: its environment, its refusals, its prompt.
# usage: sudo FOLDER free|password [OPTION]… [NAME=VALUE]… COMMAND…
folder=$1
how=$2
shift 2
PATH=/usr/bin:/bin
# The only password that it takes.
password=secret

fail() {
  echo "sudo: $1" >&2
  exit 1
}

may_ask=yes
from=terminal
keep=no
user=root
while [ $# -gt 0 ]; do
  case $1 in
    -n | --non-interactive) may_ask=no ;;
    -S | --stdin) from=stdin ;;
    -E | --preserve-env) keep=yes ;;
    -u | --user)
      user=$2
      shift
      ;;
    --user=*) user=${1#*=} ;;
    -H | -P | -b | -k | --set-home) ;;
    -v | --validate) set -- -- true ;;
    --)
      shift
      break
      ;;
    -*)
      echo "sudo: invalid option -- '${1#-}'" >&2
      echo 'usage: sudo [-nSEHPbkv] [-u user] [VAR=value] [command [arg ...]]' >&2
      exit 1
      ;;
    *) break ;;
  esac
  [ "$1" = -- ] || shift
done

ask() {
  tries=0
  while [ "$tries" -lt 3 ]; do
    printf '[sudo] password for %s: ' "$LOGNAME" >&2
    IFS= read -r given || fail "no password was provided"
    [ "$from" = stdin ] || echo >&2
    [ "$given" != "$password" ] || return 0
    tries=$((tries + 1))
    [ "$tries" -eq 3 ] || echo "Sorry, try again." >&2
  done
  fail "3 incorrect password attempts"
}

ask_on_terminal() {
  settings=$(stty -g)
  trap 'stty "$settings"; exit 1' INT TERM HUP
  trap 'stty "$settings"' EXIT
  stty -echo
  ask
  stty "$settings"
  trap - INT TERM HUP EXIT
}

# Writes to the journal, as `sudo` and its PAM do: under its own process, before anything runs. So do they
# to a copy in the home, as rsyslog writes auth.log: in one line, without the process.
note() {
  [ ! -f "$folder/home/auth.log" ] ||
    printf '%s box sudo: %s\n' "$(date -u +%FT%T.%6N+00:00)" "$(printf '%s' "$1" | tr '\t\n' '  ')" \
      >>"$folder/home/auth.log"
  [ -f "$folder/journal" ] || return 0
  text=$(printf '%s' "$1" | tr '\t\n' '  ')
  json=$(printf '%s' "$text" | sed 's/[\\"]/\\&/g')
  printf '%s\t\t%s\t0\t%s\t%s\t%s\tsudo[%s]\tS"MESSAGE":"%s"\tS"PRIORITY":"%s"\tS"SYSLOG_IDENTIFIER":"sudo"\tS"_PID":"%s"\n' \
    "$(date +%s%6N)" "$2" "$text" "$(date -u '+%b %e %H:%M:%S')" "$(date -u +%FT%T+0000)" "$$" \
    "$json" "$2" "$$" >>"$folder/journal"
}
note_refused() { note "   $LOGNAME : $1 ; PWD=$PWD ; USER=$user ; COMMAND=$all" 1; }
all=$*

if [ "$how" = password ] && [ "${SIMULATED_ROOT-}" != "$folder" ]; then
  if [ "$may_ask" = no ]; then
    note_refused "a password is required"
    fail "a password is required"
  fi
  if [ "$from" = stdin ]; then
    ask
  elif (exec </dev/tty) 2>/dev/null; then
    ask_on_terminal </dev/tty 2>/dev/tty
  else
    echo "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper" >&2
    fail "a password is required"
  fi
fi

# How many of the arguments are the environment's.
assignments=0
for word; do
  case $word in
    [A-Za-z_]*=*) assignments=$((assignments + 1)) ;;
    *) break ;;
  esac
done
[ $# -gt "$assignments" ] || {
  echo "usage: sudo [-nSEHPbkv] [-u user] [VAR=value] [command [arg ...]]" >&2
  exit 1
}
command=$(shift "$assignments" && printf '%sx' "$1")
command=${command%x}
PATH=$folder/bin
command -v -- "${command:-/}" >/dev/null || fail "$command: command not found"

note "   $LOGNAME : PWD=$PWD ; USER=$user ; COMMAND=$all" 5
note "pam_unix(sudo:session): session opened for user $user(uid=0) by (uid=1000)" 6

if [ "$user" = root ]; then
  set -- SIMULATED_ROOT="$folder" "$@"
fi
if [ "$keep" = yes ]; then
  exec /usr/bin/env PATH="$PATH" SUDO_USER="$LOGNAME" USER="$user" LOGNAME="$user" "$@"
fi
exec /usr/bin/env -i PATH="$PATH" TERM="${TERM-dumb}" ${LANG+"LANG=$LANG"} HOME="$folder/root" \
  SHELL=/bin/bash SUDO_USER="$LOGNAME" SUDO_COMMAND="$command" USER="$user" LOGNAME="$user" "$@"

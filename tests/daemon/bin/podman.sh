#!/bin/sh
# `podman logs` and `podman ps` over a folder with a log for each container.
# usage: podman FOLDER logs|ps [OPTION]… [NAME]
logs=$1/podman
shift
PATH=/usr/bin:/bin
TZ=UTC
export TZ

fail() {
  echo "Error: $1" >&2
  exit 125
}

no_such_container() {
  fail "no container with name or ID \"$1\" found: no such container"
}

# A point in time as the lines of a log begin with it: "10m" is ten minutes ago.
parse_time() {
  case $1 in
    *[0-9]s | *[0-9]m | *[0-9]h)
      amount=${1%?}
      unit=${1#"$amount"}
      case $unit in s) unit=seconds ;; m) unit=minutes ;; h) unit=hours ;; esac
      date -d "$amount $unit ago" +%FT%T 2>/dev/null
      ;;
    *[!0-9]*) date -d "$1" +%FT%T 2>/dev/null ;;
    *) date -d "@$1" +%FT%T 2>/dev/null ;;
  esac
}

show_logs() {
  follow='' lines=all name='' since=''
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      -f | --follow) follow=yes ;;
      -t | --timestamps | --names | --color) ;;
      -n | --tail | --since)
        [ $# -gt 0 ] || fail "flag needs an argument: $option"
        if [ "$option" = --since ]; then since=$1; else lines=$1; fi
        shift
        ;;
      --tail=*) lines=${option#*=} ;;
      --since=*) since=${option#*=} ;;
      --) ;;
      -*) fail "unknown flag: $option" ;;
      *) name=$option ;;
    esac
  done
  [ "$name" ] || fail "specify at least one container name or ID to log"
  log=$logs/$name.log
  case $name in */*) no_such_container "$name" ;; esac
  [ -f "$log" ] || no_such_container "$name"
  case $lines in
    all | -1) lines=+1 ;;
    '' | *[!0-9]*) fail "invalid argument \"$lines\" for \"--tail\" flag: strconv.ParseInt: parsing \"$lines\": invalid syntax" ;;
  esac
  if [ "$since" ]; then
    from=$(parse_time "$since") || fail "parsing time \"$since\": cannot parse it"
  fi
  known=$(wc -l <"$log")
  # Lines that begin with no time are taken for new ones.
  head -n "$known" "$log" |
    awk -v from="${from-}" '$0 !~ /^[0-9-]+T[0-9:.]+Z? / || $1 >= from' | tail -n "$lines"
  [ -z "$follow" ] || exec tail -n +$((known + 1)) -f "$log"
}

list_containers() {
  case " $* " in
    *' --format '* | *' --format='* | *' -q '*) ;;
    *) printf '%s\n' 'CONTAINER ID  IMAGE       COMMAND     CREATED     STATUS      PORTS       NAMES' ;;
  esac
  for log in "$logs"/*.log; do
    [ -f "$log" ] || continue
    name=${log##*/}
    name=${name%.log}
    case " $* " in
      *' --format '* | *' --format='* | *' -q '*) printf '%s\n' "$name" ;;
      *) printf '000000000000  -           -           -           Up          -           %s\n' "$name" ;;
    esac
  done
}

verb=${1-}
[ $# -eq 0 ] || shift
case $verb in
  logs) show_logs "$@" ;;
  ps) list_containers "$@" ;;
  *)
    echo "Error: unrecognized command \`podman $verb\`" >&2
    exit 125
    ;;
esac

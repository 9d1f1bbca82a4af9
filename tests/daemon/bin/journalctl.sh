#!/bin/sh
# `journalctl` (systemd 252, whose words these are) over a file with an entry a line, in columns:
# microseconds, unit, priority, whether the user's own, text, short and ISO time, who, and then the
# fields, each as JSON behind S or, when it is long, L.
# usage: journalctl FOLDER [OPTION]…
folder=$1
journal=$folder/journal
shift
PATH=/usr/bin:/bin
TZ=UTC
export TZ
export UNITS='' SINCE='' UNTIL='' HIGHEST=7 LOWEST=0 FIELDS='' ALL='' OUTPUT=short KEEP='' IDENTIFIER=''
export PRIVILEGED=''
[ "${SIMULATED_ROOT-}" != "$folder" ] || PRIVILEGED=yes
quiet='' follow='' lines='' reverse='' pattern='' has_pattern='' case=''
newline='
'

fail() {
  echo "$1" >&2
  exit 1
}

# A span of time such as "1h30min", in microseconds.
parse_span() {
  printf '%s\n' "$1" | awk '
    BEGIN {
      split("us 1 usec 1 ms 1e3 msec 1e3 s 1e6 sec 1e6 second 1e6 seconds 1e6 m 6e7 min 6e7 " \
        "minute 6e7 minutes 6e7 h 3.6e9 hr 3.6e9 hour 3.6e9 hours 3.6e9 d 8.64e10 day 8.64e10 " \
        "days 8.64e10 w 6.048e11 week 6.048e11 weeks 6.048e11", list, " ")
      for (i = 1; i in list; i += 2) size[list[i]] = list[i + 1]
      size[""] = 1e6
    }
    {
      rest = $0
      if (rest !~ /[0-9]/) exit 1
      while (match(rest, /^ *[0-9]+(\.[0-9]+)? *[a-z]*/)) {
        part = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RLENGTH + 1)
        unit = part
        gsub(/[^a-z]/, "", unit)
        if (!(unit in size)) exit 1
        sum += part * size[unit]
      }
      if (rest !~ /^ *$/) exit 1
      printf "%.0f\n", sum
    }'
}

shifted() {
  span=$(parse_span "$2") || return 1
  now=$(date +%s%6N)
  echo $((now + $1$span))
}

# A point in time, in microseconds.
parse_time() {
  case $1 in
    now) date +%s%6N ;;
    today | yesterday | tomorrow) date -d "$(date -d "$1" +%F)" +%s%6N ;;
    @*)
      printf '%s\n' "$1" | grep -Eq '^@[0-9]+(\.[0-9]{1,6})?$' || return 1
      date -d "$1" +%s%6N
      ;;
    -*) shifted - "${1#-}" ;;
    +*) shifted "" "${1#+}" ;;
    *' ago') shifted - "${1% ago}" ;;
    *)
      day='((Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?[0-9]{4}-[0-9]{2}-[0-9]{2}'
      clock='[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?'
      printf '%s\n' "$1" | grep -Eq "^($day|($day )?$clock)( UTC)?\$" || return 1
      date -d "$1" +%s%6N 2>/dev/null
      ;;
  esac
}

level() {
  case $1 in
    [0-7]) echo "$1" ;;
    emerg) echo 0 ;;
    alert) echo 1 ;;
    crit) echo 2 ;;
    err) echo 3 ;;
    warning) echo 4 ;;
    notice) echo 5 ;;
    info) echo 6 ;;
    debug) echo 7 ;;
    *) return 1 ;;
  esac
}

set_priority() {
  from=0
  to=$1
  case $1 in *..*) from=${1%%..*} to=${1##*..} ;; esac
  LOWEST=$(level "$from") || fail "Unknown log level $1"
  HIGHEST=$(level "$to") || fail "Unknown log level $1"
}

set_lines() {
  case $1 in
    all) lines='' ;;
    '' | *[!0-9]*) fail "Failed to parse lines '$1'" ;;
    *) lines=$1 ;;
  esac
}

# Options that take a value, by their long names.
take() {
  case $1 in
    unit) UNITS=$UNITS$2$newline ;;
    identifier) IDENTIFIER=$2 ;;
    since) SINCE=$(parse_time "$2") || fail "Failed to parse timestamp: $2" ;;
    until) UNTIL=$(parse_time "$2") || fail "Failed to parse timestamp: $2" ;;
    priority) set_priority "$2" ;;
    output)
      case $2 in
        json | short | short-iso | cat) OUTPUT=$2 ;;
        *) fail "Unknown output format '$2'." ;;
      esac
      ;;
    output-fields) FIELDS=$2 ;;
    grep)
      pattern=$2
      has_pattern=yes
      said=$(printf '\n' | grep -P -e "$pattern" 2>&1)
      [ $? -lt 2 ] || fail "Bad pattern \"$pattern\": ${said#grep: }"
      ;;
    *) fail "journalctl: unrecognized option '--$1'" ;;
  esac
}

while [ $# -gt 0 ]; do
  option=$1
  shift
  case $option in
    -q | --quiet) quiet=yes ;;
    -a | --all) ALL=yes ;;
    -f | --follow) follow=yes ;;
    -r | --reverse) reverse=yes ;;
    --no-pager | --no-hostname | --utc | -e | --pager-end | -b | --boot | --system | -m | --merge) ;;
    --no-tail) lines='' ;;
    --case-sensitive | --case-sensitive=yes | --case-sensitive=true) case=sensitive ;;
    --case-sensitive=no | --case-sensitive=false) case=insensitive ;;
    -n | --lines)
      case ${1-} in
        all | [0-9]*)
          set_lines "$1"
          shift
          ;;
        *) lines=10 ;;
      esac
      ;;
    -n*) set_lines "${option#-n}" ;;
    --lines=*) set_lines "${option#*=}" ;;
    --*=*)
      name=${option%%=*}
      take "${name#--}" "${option#*=}"
      ;;
    --unit | --identifier | --since | --until | --priority | --output | --output-fields | --grep)
      [ $# -gt 0 ] || fail "journalctl: option '$option' requires an argument"
      take "${option#--}" "$1"
      shift
      ;;
    --*) fail "journalctl: unrecognized option '$option'" ;;
    -[utpogSU]*)
      letter=$(printf '%.2s' "$option")
      value=${option#-?}
      if [ -z "$value" ]; then
        [ $# -gt 0 ] || fail "journalctl: option requires an argument -- '${letter#-}'"
        value=$1
        shift
      fi
      case $letter in
        -u) take unit "$value" ;;
        -t) take identifier "$value" ;;
        -p) take priority "$value" ;;
        -o) take output "$value" ;;
        -g) take grep "$value" ;;
        -S) take since "$value" ;;
        -U) take until "$value" ;;
      esac
      ;;
    -*) fail "journalctl: invalid option -- '${option#-}'" ;;
    *) fail "Failed to add match '$option': Invalid argument" ;;
  esac
done
[ -z "$SINCE" ] || [ -z "$UNTIL" ] || [ "$SINCE" -le "$UNTIL" ] ||
  fail "--since= must be before --until=."

# A pattern without capitals finds capitals too.
insensitive=''
case $case,$pattern in
  insensitive,*) insensitive=-i ;;
  ,*[A-Z]*) ;;
  ,*) insensitive=-i ;;
esac

select_entries() {
  awk -F '\t' '
    BEGIN {
      count = split(ENVIRON["UNITS"], units, "\n")
      for (i = 1; i < count; i++) {
        unit = units[i]
        if (unit !~ /\.(service|socket|timer|mount|target|scope|slice|path|device|swap)$/) {
          unit = unit ".service"
        }
        gsub(/[.+(){}^$|\\]/, "\\\\&", unit)
        gsub(/\*/, ".*", unit)
        gsub(/\?/, ".", unit)
        wanted = wanted (i > 1 ? "|" : "") "^" unit "$"
      }
    }
    ENVIRON["PRIVILEGED"] == "" && $4 != 1 { next }
    wanted != "" && $2 !~ wanted { next }
    ENVIRON["IDENTIFIER"] != "" && index($8, ENVIRON["IDENTIFIER"] "[") != 1 { next }
    ENVIRON["SINCE"] != "" && $1 + 0 < ENVIRON["SINCE"] + 0 { next }
    ENVIRON["UNTIL"] != "" && $1 + 0 > ENVIRON["UNTIL"] + 0 { next }
    $3 < ENVIRON["LOWEST"] + 0 || $3 > ENVIRON["HIGHEST"] + 0 { next }
    { print }' | match_pattern
}

match_pattern() {
  [ "$has_pattern" ] || {
    cat
    return
  }
  entries=$(cat)
  [ "$entries" ] || return 0
  KEEP=$(printf '%s\n' "$entries" | cut -f 5 | grep -nP $insensitive -e "$pattern" | cut -d : -f 1)
  printf '%s\n' "$entries" | awk '
    BEGIN { split(ENVIRON["KEEP"], list, "\n"); for (i in list) keep[list[i]] }
    NR in keep'
}

show_entries() {
  awk -F '\t' '
    BEGIN {
      output = ENVIRON["OUTPUT"]
      count = split(ENVIRON["FIELDS"], list, ",")
      for (i = 1; i <= count; i++) keep[list[i]]
    }
    output == "short" { print $6 " box " $8 ": " $5 }
    output == "short-iso" { print $7 " box " $8 ": " $5 }
    output == "cat" { print $5 }
    output == "json" {
      line = "{\"__CURSOR\":\"s=0;i=" $1 "\",\"__REALTIME_TIMESTAMP\":\"" $1 \
        "\",\"__MONOTONIC_TIMESTAMP\":\"" $1 "\",\"_BOOT_ID\":\"0\""
      for (i = 9; i <= NF; i++) {
        key = substr($i, 3)
        key = substr(key, 1, index(key, "\"") - 1)
        if (count > 0 && !(key in keep)) continue
        long = substr($i, 1, 1) == "L" && ENVIRON["ALL"] == ""
        line = line "," (long ? "\"" key "\":null" : substr($i, 2))
      }
      print line "}"
    }'
}

[ "$quiet" ] || [ "$PRIVILEGED" ] || {
  echo "Hint: You are currently not seeing messages from other users and the system."
  echo "      Users in groups 'adm', 'systemd-journal' can see all messages."
  echo "      Pass -q to turn off this notice."
} >&2

[ -z "$follow" ] || lines=${lines:-10}
# With both it shows the newest first.
[ -z "$lines" ] || [ -z "$has_pattern" ] || [ "$follow" ] || reverse=yes
known=$(wc -l <"$journal")
# From --since on it counts forwards.
end="tail"
[ -z "$SINCE" ] || [ -z "$lines" ] || [ "$reverse" ] || [ "$follow" ] || end="head"
found=$(head -n "$known" "$journal" | select_entries | "$end" -n "${lines:-+1}")
if [ "$found" ]; then
  if [ "$reverse" ]; then
    printf '%s\n' "$found" | tac | show_entries
  else
    printf '%s\n' "$found" | show_entries
  fi
fi

if [ "$follow" ]; then
  tail -n +$((known + 1)) -f -s 0.1 --pid=$$ "$journal" | while IFS= read -r entry; do
    printf '%s\n' "$entry" | select_entries | show_entries
  done
  exit 0
fi
[ "$found" ] || [ "$quiet" ] || echo "-- No entries --"
[ "$found" ] || [ -z "$has_pattern" ]

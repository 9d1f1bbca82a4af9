#!/bin/sh
# The program that runs commands in a container, at the far end of a terminal. agent.ts sends it each
# time, without its full-line comments and leading blanks (so: no here-documents, no text in quotes
# over several lines), and a loop in the container starts it:
#   G=1 setsid /bin/sh -c TEXT a NONCE     (without G and setsid where there is no setsid)
# Descriptor 3 is a pipe from the tty, 4 the tty to write; 0, 1 and 2 are /dev/null. The tty is raw, and
# the pipe ends after 25 s of silence: nobody has to be alive to tell that the client is gone.
# It runs under dash, bash and busybox ash. A fork is what costs time here: each is there for a reason.

# Busybox ash gives a write to a full tty up when a child ends just then, and does not always tell so: its
# lines go by way of a program.
# shellcheck disable=SC3013 # -ef: not POSIX, but in all three shells
if [ "/proc/$$/exe" -ef "$(command -v busybox)" ]; then
  say() { printf '%s\n' "$nonce $*" | cat >&4; }
else
  say() { printf '%s\n' "$nonce $*" >&4; }
fi

has() { command -v "$1"; }

# Sleeps 0.$1 s, three digits, and counts the milliseconds in $waited.
pause() {
  if sleep "0.$1"; then waited=$((waited + 1$1 - 1000)); else
    sleep 1
    waited=$((waited + 1000))
  fi
}

# A folder is tried by writing to it: one on a full disk can be made, but not used.
make_folder() {
  for place in /dev/shm /tmp "$HOME"; do
    folder=$place/.cx.$nonce
    if [ -d "$place" ] && mkdir "$folder" && echo "$$" >"$folder/pid" && [ -s "$folder/pid" ]; then
      return 0
    fi
    rm -rf "$folder"
  done
  return 1
}

# Ends and removes what an agent left that was killed. A folder without a pid was only just made.
sweep_dead_agents() {
  for left in /dev/shm/.cx.* /tmp/.cx.* "$HOME"/.cx.*; do
    # shellcheck disable=SC3067 # -O: not POSIX, but in all three shells; others' folders are theirs
    if [ -O "$left" ] && [ ! -L "$left" ] && read -r owner <"$left/pid" && [ "$owner" ] &&
      ! is_running "$owner"; then
      if read -r id <"$left/running" && [ "$id" ]; then
        list_tagged "${left##*.cx.}.$id"
        # shellcheck disable=SC2086 # a list of pids
        signal_all KILL $tagged
      fi
      end_shells "$left"/shell.*
      rm -rf "$left"
    fi
  done
}

is_running() { kill -0 "$1" && look_at "$1" && [ "$state" != Z ]; }

choose_tools() {
  base64=base64
  has base64 || { base64='busybox base64' && $base64 </dev/null; } || return 1
  own_session=
  if has setsid; then own_session=setsid; elif has perl; then own_session=perl; fi
  shell='sh'
  if has bash; then shell=bash; fi
  zip=
  if has gzip; then zip=1; fi
  checksum=
  if has cksum; then checksum=1; fi
}

# Becomes the command $@, in a session of its own if that can be had.
in_own_session() {
  case $own_session in
    setsid) exec setsid "$@" ;;
    perl)
      # shellcheck disable=SC2016 # these are Perl's variables
      exec perl -MPOSIX -e 'setsid; exec {$ARGV[0]} @ARGV' "$@"
      ;;
    *) exec "$@" ;;
  esac
}

# --- Processes

# Sets $parent, $session, $tty, $started and $state of process $1.
look_at() {
  read -r line <"/proc/$1/stat" || return 1
  # The name, in brackets, may hold anything.
  # shellcheck disable=SC2086 # split into fields
  set -- ${line##*) }
  state=$1 parent=$2 session=$4 tty=$5 started=${20}
}

# Sets $found: the processes in $1 (" 12 34 "), those that came from them or are in a session that one
# of them leads, and those of session $2 on tty $3.
find_processes() {
  found=$1
  wanted="$2 $3"
  grown=1
  while [ "$grown" ]; do
    grown=
    for path in /proc/[0-9]*; do
      pid=${path#/proc/}
      case $found in *" $pid "*) continue ;; esac
      look_at "$pid" || continue
      case $found in
        *" $parent "* | *" $session "*) ;;
        *) [ "$session $tty" = "$wanted" ] || continue ;;
      esac
      found="$found$pid "
      grown=1
    done
  done
}

# Sets $tagged: the processes that have the tag $1 in their environment; daemons keep it.
list_tagged() {
  tagged=
  # shellcheck disable=SC2013 # the lines are paths without blanks
  for path in $(grep -l "CX_RUN=$1" /proc/[0-9]*/environ); do
    path=${path#/proc/}
    tagged="$tagged ${path%/environ}"
  done
}

# Sends signal $1 to the other arguments; root ends what is not ours, where it can be asked.
signal_all() {
  signal=$1
  shift
  others=
  for pid; do
    [ "$pid" = "$self" ] || kill "-$signal" "$pid" || [ ! -d "/proc/$pid" ] || others="$others $pid"
  done
  # shellcheck disable=SC2086 # a list of pids
  if [ "$signal" = KILL ] && [ "$others" ]; then sudo -n kill -KILL $others; fi
}

# Sends TERM or KILL to the command with all that came from it. Who came from it is written down: what
# sudo started has neither our tag nor, after its parent's end, a parent.
end_command() {
  find_processes " $running "
  list_tagged "$nonce.$id"
  echo "$found$tagged" >>"$folder/tree"
  if [ "$own_session" ]; then kill "-$1" "-$running"; fi
  # shellcheck disable=SC2046 # a list of pids
  signal_all "$1" $(cat "$folder/tree")
}

# KILL for a command that is still there 2 s after TERM.
insist() {
  waited=0
  while [ -s "$folder/running" ] && [ "$waited" -lt 2000 ]; do pause 100; done
  if [ -s "$folder/running" ]; then end_command KILL; fi
}

# --- Interactive shells in our care

# Writes down who $1 is, so that later nobody else is taken for it.
care_for() {
  case $1 in '' | *[!0-9]*) return ;; esac
  look_at "$1" && echo "$1 $session $tty $started" >"$folder/shell.$1"
}

# Ends the shells in these files, and all on their ttys: HUP, and after 1 s KILL.
end_shells() {
  [ -e "$1" ] || [ "$#" -gt 1 ] || return 0
  doomed=
  for file; do
    read -r shell_pid shell_session shell_tty shell_started <"$file" || continue
    root=' '
    if look_at "$shell_pid" && [ "$started" = "$shell_started" ]; then root=" $shell_pid "; fi
    find_processes "$root" "$shell_session" "$shell_tty"
    doomed="$doomed$found"
  done
  # shellcheck disable=SC2086 # a list of pids
  signal_all HUP $doomed
  # shellcheck disable=SC2086 # a stopped one does not hear of it before it goes on
  signal_all CONT $doomed
  waited=0
  while [ "$waited" -lt 1000 ] && are_alive; do pause 020; done
  # shellcheck disable=SC2086 # a list of pids
  if are_alive; then signal_all KILL $doomed; fi
  # Not sooner: another process of ours may do the same, and end this one as soon as it is done.
  rm -f "$@"
}

are_alive() {
  for pid in $doomed; do
    if [ "$pid" != "$self" ] && look_at "$pid" && [ "$state" != Z ]; then return 0; fi
  done
  return 1
}

# --- Bytes

# Waits for a child, whatever signal comes meanwhile.
await() { while kill -0 "$1"; do wait "$1"; done; }

# Copies $2 bytes from descriptor 5 to file $1. 1: the end came first; 2: it cannot be written. dd takes
# no byte too many and keeps none back, as head and cat would; a short read counts as one of its blocks,
# so it is called again for what is missing, with blocks of about what comes at once.
copy_exactly() {
  true >"$1"
  missing=$2
  block=65536
  while [ "$missing" -gt 0 ]; do
    if [ "$missing" -lt "$block" ]; then block=$missing; fi
    blocks=$((missing / block))
    LC_ALL=C dd bs="$block" count="$blocks" <&5 >>"$1" 2>"$1.dd" &
    child=$!
    await "$child"
    if [ "$stopped" ]; then return 1; fi
    count_records "$1.dd" || return 2
    if [ $((${records%+*} + ${records#*+})) -lt "$blocks" ]; then return 1; fi
    if [ "${records#*+}" = 0 ]; then missing=$((missing - block * blocks)); else
      measure "$1"
      mean=$(((missing + size - $2) / blocks))
      missing=$(($2 - size))
      if [ "$mean" -lt 1024 ]; then block=512; elif [ "$mean" -lt 16384 ]; then block=4096; fi
    fi
  done
}

# Sets $records to the "whole+short" ones that dd read, by what it says in file $1. 1: it could not write
# them all. Not by its exit code: the shell may have taken that already when it is waited for.
count_records() {
  records=
  written=
  while read -r count rest; do
    case $rest in
      'records in') records=$count ;;
      'records out') written=$count ;;
    esac
  done <"$1"
  [ "$records" ] && [ "$written" = "$records" ]
}

# Sets $size of file $1.
measure() {
  size=$(wc -c <"$1")
  size=$((size))
}

# Reads $1 characters of base64 into file $3, which has to have $2 bytes then.
receive() {
  if [ "$1" = 0 ]; then true >"$3" && return; fi
  copy_exactly "$3.64" "$1" 5<&3
  $base64 -d <"$3.64" >"$3"
  measure "$3"
  [ "$size" = "$2" ]
}

# Reads a line of $1 characters into file $2; in it, a backslash and a letter stand for another one. The
# shell does it by itself, where base64 takes three programs.
receive_line() {
  IFS= read -r text <&3
  [ "${#text}" = "$1" ] && printf %b "$text" >"$2"
}

# Sends file $3 as head (B) or tail (T, with the total $4) of output $2, and sets $size.
send_block() {
  parts=$((parts + 1))
  size=0 sum=-
  if [ ! -s "$3" ]; then
    say "$1 $2 p 0 -${4:+ $4}"
    return
  fi
  if [ "$checksum" ]; then
    size=$(cksum <"$3")
    sum=${size%% *}
    size=${size#* }
    size=${size%% *}
  else measure "$3"; fi
  if [ "$zip" ] && [ "$size" -gt 2048 ] && is_worth_zipping "$3"; then
    say "$1 $2 z $size $sum${4:+ $4}"
    gzip -1 -c <"$3" | encode
  else
    say "$1 $2 p $size $sum${4:+ $4}"
    encode <"$3"
  fi
}

# Whether gzip takes a quarter off file $1, by a sample of it: what is compressed already takes it much
# longer than the tty.
is_worth_zipping() {
  [ "$size" -gt 65536 ] || return 0
  zipped=$(dd bs=16384 count=1 skip=$((size / 32768)) <"$1" | gzip -1 -c | wc -c)
  [ "$zipped" -lt 12288 ]
}

# In long lines: on a tty there is a write for each. A base64 that cannot make them has read nothing yet.
encode() { $base64 -w 32000 >&4 || $base64 | cat >&4; }

# Sends output $1, of which at most the last $2 bytes are kept beside the head.
send_output() {
  send_block B "$1" "$folder/$1"
  beyond=
  for count in "$folder/$1.count="*; do beyond=${count##*=}; done
  if [ "$beyond" = '*' ]; then return; fi
  more=
  # Nobody knows how much of what was read did not fit: that something is missing has to be said.
  if [ -e "$folder/$1.full" ] || [ -z "$beyond" ]; then beyond=$((beyond + 1)) more=+; fi
  if [ "$beyond" = 0 ]; then return; fi
  total=$((size + beyond))$more
  expected=$2
  if [ "$beyond" -lt "$2" ]; then expected=$beyond; fi
  measure "$folder/$1.tail"
  if [ "$size" = "$expected" ]; then send_block T "$1" "$folder/$1.tail" "$total"; else
    parts=$((parts + 1))
    say "T $1 p 0 - $total"
  fi
}

# --- Readers: each in a process of its own, with an output of the command on descriptor 5

# Keeps the first $2 bytes of output $1; only if there are more the last $3, and counts.
read_output() {
  start_reading
  copy_exactly "$folder/$1" "$2"
  case $? in
    1) [ "$stopped" ] || reached=end ;;
    0) count_rest "$1" "$3" ;;
    2) true >"$folder/$1.full" && count_rest "$1" "$3" ;;
  esac
  end_reading "$1"
}

# Sends standard output while it comes, and then in how many pieces: one that something else on the tty
# made unreadable is missed.
stream_output() {
  pieces=0
  start_reading
  while [ -z "$stopped" ]; do
    LC_ALL=C dd bs=24576 count=1 <&5 >"$folder/o.piece" 2>"$folder/o.dd" &
    child=$!
    await "$child"
    if [ -s "$folder/o.piece" ]; then send_piece; fi
    [ -z "$stopped" ] || break
    if ! count_records "$folder/o.dd"; then
      true >"$folder/o.full"
      count_rest o 0
      break
    fi
    [ -s "$folder/o.piece" ] || break
  done
  say "D $pieces"
  end_reading o
}

send_piece() {
  # shellcheck disable=SC2046 # its lines become one
  set -- $($base64 <"$folder/o.piece")
  blanks=$IFS
  IFS=
  piece=$*
  IFS=$blanks
  pieces=$((pieces + 1))
  say "C ${#piece} $piece"
}

# A background job's standard input is /dev/null in some shells, so its own is kept as 5. TERM says that
# the command has ended, and what is written from now on is not its output any more.
start_reading() {
  reached=
  exec 5<&0
  trap 'stopped=1; kill "$child"' TERM
  trap '' HUP
}

# A background child of the command may go on writing: it must neither be blocked nor ended by that, so
# its output is taken away as long as it lives, by a process that belongs to it and not to us.
end_reading() {
  echo "$reached" >"$folder/$1.done"
  # A full disk has no room for the word.
  [ -s "$folder/$1.done" ] || true >"$folder/$1.lost"
  if [ "$stopped" ]; then in_own_session cat <&5 >/dev/null 3<&- 4>&- 5<&- & fi
}

# Keeps the last $2 bytes of output $1 beyond the head, and counts all beyond it.
count_rest() {
  if ! has tee || ! has tail || ! mkfifo "$folder/$1.a" "$folder/$1.b"; then
    true >"$folder/$1.tail"
    wc -c <&5 >"$folder/$1.counted" &
    child=$!
    await "$child"
    note_count "$1" <"$folder/$1.counted"
    return
  fi
  kept=$2
  # With 0 tail would not read at all.
  if [ "$kept" = 0 ]; then kept=1; fi
  wc -c <"$folder/$1.a" | note_count "$1" &
  counter=$!
  tail -c "$kept" <"$folder/$1.b" >"$folder/$1.tail" &
  keeper=$!
  tee "$folder/$1.a" <&5 >"$folder/$1.b" &
  child=$!
  await "$child"
  child=
  await "$counter"
  await "$keeper"
}

# Writes the number it reads down as a name: a full disk has room for that, but for no number.
note_count() {
  count=
  read -r count
  true >"$folder/$1.count=$count"
}

# Waits until all is read that the command wrote. A background child that holds the output is told from a
# machine that is slow: only for the first is the reading stopped.
await_outputs() {
  waited=0 asked=0
  tries=0
  until is_read o && is_read e; do
    # As a rule they are about to be: a fork would take longer.
    tries=$((tries + 1))
    [ "$tries" -gt 50 ] || continue
    if [ $((waited - asked)) -ge 200 ]; then
      asked=$waited
      if [ "$waited" -ge 5000 ] || has_children; then
        is_read o || kill -TERM "$out_reader"
        is_read e || kill -TERM "$err_reader"
      fi
    fi
    [ "$waited" -lt 10000 ] || break
    pause 002
  done
}

is_read() { [ -s "$folder/$1.done" ] || [ -e "$folder/$1.lost" ]; }

has_children() {
  find_processes " $running "
  [ "$found" = " $running " ] || return 0
  list_tagged "$nonce.$id"
  [ "$tagged" ]
}

# --- Commands

# Has the folder ready for the next command: the client does not wait now. Pipes of which both readers
# have seen the end are used again, as nobody else has them; a child may still read a long script or input.
prepare() {
  if [ "$ends" = 'end end' ] && [ "$is_short" ] && [ ! -s "$folder/why" ] && has_pipes; then
    for file in code input o e o.done e.done; do true >"$folder/$file"; done
    return
  fi
  rm -f "$folder"/[!ps]*
  make_pipes
}

# The command may have removed one.
has_pipes() { [ -p "$folder/o.pipe" ] && [ -p "$folder/e.pipe" ]; }

make_pipes() { $heed mkfifo "$folder/o.pipe" "$folder/e.pipe"; }

# In a process of its own: becomes the command.
start_command() {
  umask "$users_umask"
  unset G
  export CX_RUN="$nonce.$id" TERM=dumb PAGER=cat GIT_PAGER=cat SYSTEMD_PAGER=cat
  # shellcheck disable=SC2086 # a command with its option, or nothing
  in_own_session $heed "$shell" "$folder/code"
}

# Reads the tty while a command runs and its answer is printed, until the client has that.
watch() {
  while read -r mark verb why <&3; do
    [ "$mark" = "$nonce" ] || continue
    case $verb in
      A) exit 0 ;;
      K)
        if [ -s "$folder/running" ]; then
          echo "$why" >"$folder/why"
          end_command TERM
          insist &
        fi
        ;;
      X)
        if [ -s "$folder/running" ]; then
          end_command TERM
          insist
        fi
        break
        ;;
    esac
  done
  end_all
}

# id, length of script as base64 (or "line") and as it is, of stdin likewise, blocks of head, bytes of
# tail, stream
run() {
  id=$1
  ends=
  is_short=
  if [ "$2" = line ]; then
    [ "$4" != 0 ] || is_short=1
    receive_line "$3" "$folder/code"
  else receive "$2" "$3" "$folder/code"; fi
  received=$?
  if ! receive "$4" "$5" "$folder/input" || [ "$received" != 0 ]; then
    say "F upload $id"
    return
  fi
  is_busy=1
  if ! has_pipes || ! true >"$folder/why" || ! echo "$id" >"$folder/running"; then
    say "F fifo $id"
    return
  fi
  if [ "$8" = 1 ]; then stream_output <"$folder/o.pipe" 3<&- & else
    read_output o $(($6 * 512)) "$7" <"$folder/o.pipe" 3<&- 4>&- &
  fi
  out_reader=$!
  read_output e $(($6 * 512)) "$7" <"$folder/e.pipe" 3<&- 4>&- &
  err_reader=$!
  start_command <"$folder/input" >"$folder/o.pipe" 2>"$folder/e.pipe" 3<&- 4>&- &
  running=$!
  watch 4>&- &
  watcher=$!
  wait "$running"
  status=$?
  true >"$folder/running"
  why=-
  if [ -s "$folder/why" ]; then
    read -r why <"$folder/why"
    end_command KILL
  fi
  await_outputs
  if read -r out_end <"$folder/o.done" && read -r err_end <"$folder/e.done"; then
    is_busy=
    ends="$out_end $err_end"
  fi
  # What the client has to have seen: B and T lines, and the D line of a stream.
  parts=$8
  say "R $id $status $why"
  send_output o "$7"
  send_output e "$7"
  say "E $id $parts"
  prepare
  wait "$watcher"
}

# Ends everything of ours, from whatever process of ours it is called.
end_all() {
  trap '' TERM HUP INT
  read -r self rest </proc/self/stat
  if [ -s "$folder/running" ]; then end_command KILL; fi
  end_shells "$folder"/shell.*
  # First who could write to the folder, then the folder.
  if [ "$is_busy" ] || [ ! "$G" ]; then
    find_processes " $$ "
    # shellcheck disable=SC2086 # a list of pids
    signal_all KILL $found
  fi
  rm -rf "$folder"
  if [ "$G" ]; then kill -KILL "-$$"; fi
  exit 0
}

users_umask=$(umask)
umask 077
nonce=$1
self=$$
running=
stopped=
ends=
is_busy=
make_folder || {
  say F nodir
  exit 0
}
trap end_all HUP TERM INT
choose_tools || {
  say F nobase64
  end_all
}
sweep_dead_agents
# What a shell starts in the background ignores these two; a command should not.
heed='env --default-signal=INT,QUIT'
make_pipes || {
  heed=
  make_pipes
}
say "I $shell $own_session z=$zip"
while read -r mark verb request <&3; do
  [ "$mark" = "$nonce" ] || continue
  case $verb in
    R)
      # shellcheck disable=SC2086 # a list of numbers
      run $request
      ;;
    W) care_for "$request" ;;
    U) rm -f "$folder/shell.$request" ;;
    Q)
      end_shells "$folder/shell.$request"
      say "Q $request gone"
      ;;
    X) break ;;
  esac
done
end_all

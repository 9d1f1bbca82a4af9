#!/bin/sh
# What the agents of a container's terminals leave: `.cx.NONCE` in /dev/shm, in /tmp and in the home.
# Other containers, and other tests, have theirs in the same places, so that nonces are told.
# usage: agent_files list HOME NONCE… | agent_files remove NONCE…
PATH=/usr/bin:/bin
verb=$1
shift

list_shared() {
  for nonce; do
    for path in "/dev/shm/.cx.$nonce" "/tmp/.cx.$nonce"; do
      [ ! -e "$path" ] || printf '%s\n' "$path"
    done
  done
}

case $verb in
  list)
    home=$1
    shift
    list_shared "$@"
    for path in "$home"/.cx.*; do
      [ ! -e "$path" ] || printf '%s\n' "$path"
    done
    ;;
  remove)
    list_shared "$@" | while IFS= read -r path; do
      rm -rf -- "$path"
    done
    ;;
esac
exit 0

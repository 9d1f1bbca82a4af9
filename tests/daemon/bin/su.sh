#!/bin/sh
# What `su - USER` is to a terminal: the parent that waits for the login shell, and nothing can hurry.
# usage: su USER SHELL FOLDER, with a link in FOLDER that is called as a login shell is ("-bash")
trap : HUP INT QUIT TERM TSTP
SHELL=$2
stty rows 24 cols 80
cd "$HOME" 2>/dev/null || {
  echo "su: warning: cannot change directory to $HOME: No such file or directory" >&2
  cd /
}
PATH=$3:$PATH
case $1 in
  [!A-Za-z_]* | *[!A-Za-z0-9_-]*)
    echo "su: user $1 does not exist or the user entry does not contain all the required fields" >&2
    exit 1
    ;;
esac
# Only TERM outlives a login.
/usr/bin/env -i HOME="$HOME" SHELL="$SHELL" USER="$USER" LOGNAME="$LOGNAME" PATH="$PATH" TERM="$TERM" "-${SHELL##*/}"
exit

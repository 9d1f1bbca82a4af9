#!/bin/sh
# Makes the folder TO the same as FROM, whatever there was; where there is no FROM, TO stays as it is.
# usage: copy_folder FROM TO
PATH=/usr/bin:/bin
set -eu
[ -d "$1" ] || exit 0
mkdir -p -- "$2"
find "$2" -mindepth 1 -maxdepth 1 -exec rm -rf -- {} +
cp -a -- "$1/." "$2"

#!/bin/sh
# Installs a released mcp-server for this system, after checking its checksum.
#
#   sh install.sh [VERSION]
#
# VERSION is a release, such as 1.2.3; without it, the latest. Variables:
#   PREFIX     Where it goes: $PREFIX/bin/mcp-server (/usr/local, or ~/.local where that is not writable)
#   DOWNLOADS  Where releases are, in place of GitHub: $DOWNLOADS/v1.2.3/FILE, $DOWNLOADS/latest/FILE
set -eu
umask 022

repository=containarium/mcp-server
version=${1:-latest}

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

# The name of this system in the names of files.
system() {
  case "$(uname -s)" in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    *) fail "there is no binary for $(uname -s): use the package for npm" ;;
  esac
  case "$(uname -m)" in
    x86_64 | amd64) cpu=x86_64 ;;
    aarch64 | arm64) cpu=aarch64 ;;
    *) fail "there is no binary for $(uname -m): use the package for npm" ;;
  esac
  if [ "$os" = linux ] && [ -n "$(find /lib -maxdepth 1 -name 'ld-musl-*' 2>/dev/null)" ] &&
    [ -z "$(find /lib /lib64 -maxdepth 1 -name 'ld-linux-*' 2>/dev/null)" ]; then
    fail "there is no binary for musl (Alpine)"
  fi
  printf '%s-%s' "$os" "$cpu"
}

# download URL FILE. What is encrypted stays so, wherever it is redirected to.
download() {
  case "$1" in
    https:*) protocols='=https' ;;
    *) protocols='=https,http' ;;
  esac
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --location --proto "$protocols" --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget --quiet --output-document="$2" "$1"
  else
    fail "neither curl nor wget is installed"
  fi || fail "could not download $1"
}

# sum FILE: prints its SHA-256.
sum() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1"
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1"
  else
    fail "neither sha256sum nor shasum is installed: the checksum cannot be checked"
  fi | cut -d ' ' -f 1
}

case "$version" in
  latest) ;;
  *[!0-9A-Za-z.-]*) fail "\"$version\" is not a version, such as 1.2.3" ;;
  v*) ;;
  *) version=v$version ;;
esac
if [ -n "${DOWNLOADS:-}" ]; then
  from=$DOWNLOADS/$version
elif [ "$version" = latest ]; then
  from=https://github.com/$repository/releases/latest/download
else
  from=https://github.com/$repository/releases/download/$version
fi
if [ -n "${PREFIX:-}" ]; then
  prefix=$PREFIX
elif [ -w /usr/local/bin ]; then
  prefix=/usr/local
else
  prefix=$HOME/.local
fi

name=mcp-server-$(system)
mkdir -p "$prefix/bin"
# Beside its place, so that it gets there in one step.
new=$(mktemp -d "$prefix/bin/.mcp-server.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 130' HUP INT TERM

download "$from/SHA256SUMS" "$new/SHA256SUMS"
wanted=$(awk -v name="$name" '$2 == name { print $1 }' "$new/SHA256SUMS")
[ -n "$wanted" ] || fail "this release has no $name"
download "$from/$name" "$new/mcp-server"
[ "$(sum "$new/mcp-server")" = "$wanted" ] ||
  fail "the checksum of $name is wrong: nothing was installed"
chmod 755 "$new/mcp-server"
mv -f "$new/mcp-server" "$prefix/bin/mcp-server"
printf 'Installed %s\n' "$prefix/bin/mcp-server"
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) printf '%s is not on your PATH: name the program by its whole path\n' "$prefix/bin" ;;
esac

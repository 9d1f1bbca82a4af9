/**
 * The shell scripts that read and replace `~/.ssh/authorized_keys` in a container.
 *
 * @module
 */

/** Version of a file: `cksum size`, or `none`. */
export type Version = "none" | `${number} ${number}`;

/** Exit codes of the scripts. */
export const exits = {
  noHome: 71,
  symlink: 72,
  noFolder: 73,
  notOwn: 74,
  changed: 75,
  notWritten: 76,
  missing: 77,
  noCksum: 78,
} as const;

const paths = "d=$HOME/.ssh; f=$d/authorized_keys";

/** Prints the file. Symbolic links are not followed: they may lead out of the user's home. */
export const readScript = `${paths}
[ -d "$HOME" ] || exit ${exits.noHome}
[ -L "$d" ] && exit ${exits.symlink}
[ -e "$d" ] || exit ${exits.missing}
[ -d "$d" ] && [ -O "$d" ] || exit ${exits.notOwn}
[ -L "$f" ] && exit ${exits.symlink}
[ -e "$f" ] || exit ${exits.missing}
[ -f "$f" ] && [ -O "$f" ] || exit ${exits.notOwn}
cat <"$f"
`;

/**
 * Replaces the file with standard input, if it has not changed: checked under a lock, and again
 * right before the rename. Keeps the mode, except that others may not write, which would make sshd
 * ignore the file.
 *
 * @param before Version to replace
 * @param after Version of standard input
 */
export function replaceScript(before: Version, after: Version): string {
  return `old='${before}'; new='${after}'; ${paths}
umask 077
[ -d "$HOME" ] || exit ${exits.noHome}
command -v cksum >/dev/null || exit ${exits.noCksum}
[ -L "$d" ] && exit ${exits.symlink}
# Another may make it at the same moment.
[ -d "$d" ] || mkdir -m 700 "$d" 2>/dev/null || [ -d "$d" ] || exit ${exits.noFolder}
[ -O "$d" ] || exit ${exits.notOwn}
if command -v flock >/dev/null; then
  exec 9<"$d"
  # The flock of busybox knows no -w.
  flock -w 1 9 2>/dev/null || flock -n 9 || exit ${exits.changed}
  lock=
else
  lock=$d/.authorized_keys.lock
  # Whoever made it must have been killed.
  [ -n "$(find "$lock" -prune -mmin +1 2>/dev/null)" ] && rmdir "$lock"
  mkdir "$lock" 2>/dev/null || exit ${exits.changed}
fi
# Who made those was killed: they are made under the lock.
rm -f "$d"/.authorized_keys.*.tmp
t=$d/.authorized_keys.$$.tmp
trap 'rm -f "$t"; [ -z "$lock" ] || rmdir "$lock"' EXIT
trap 'exit 129' HUP TERM INT
version() {
  [ -L "$f" ] && exit ${exits.symlink}
  [ -e "$f" ] || { echo none; return; }
  [ -f "$f" ] && [ -O "$f" ] || exit ${exits.notOwn}
  cksum <"$f"
}
now=$(version) || exit $?
[ "$now" = "$old" ] || exit ${exits.changed}
mode=$(stat -c %a "$f" 2>/dev/null) || mode=600
(set -C; cat >"$t") || exit ${exits.notWritten}
[ "$(cksum <"$t")" = "$new" ] || exit ${exits.notWritten}
chmod "$mode" "$t" && chmod go-w "$t" "$d" || exit ${exits.notWritten}
sync "$t" 2>/dev/null
now=$(version) || exit $?
[ "$now" = "$old" ] || exit ${exits.changed}
mv -f "$t" "$f" || exit ${exits.notWritten}
`;
}

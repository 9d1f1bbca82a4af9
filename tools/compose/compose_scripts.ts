/**
 * What runs in a container for its Compose projects, in any POSIX shell. Facts come back as texts that each
 * end in a NUL, which no file name holds.
 *
 * @module
 */
import { quote } from "../../client/internal.ts";

/** Names of Compose files, in the order in which Compose prefers them. */
export const composeFiles: readonly string[] = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yaml",
  "docker-compose.yml",
];

/** Programs that run Compose, in the order in which they are looked for. */
export const composePrograms: readonly string[] = [
  "docker compose",
  "podman compose",
  "podman-compose",
  "docker-compose",
];

/** Folders in which nobody keeps projects, and which are large. */
const skipped = [".git", ".cache", ".local", ".npm", ".cargo", "node_modules", "vendor", "venv"];

const MAX_DEPTH = 5;

/** Finds the program, and the one that lists containers: `$compose` and `$engine`. */
const findPrograms = `
compose= engine=
for each in ${composePrograms.map(quote).join(" ")}; do
  if $each version >/dev/null 2>&1 </dev/null; then compose=$each; break; fi
done
case $compose in *podman*) engine=podman ;; ?*) engine=docker ;; esac
command -v $engine >/dev/null 2>&1 || engine=
`;

/** Prints the folder, the file and the state of each of a project's containers. */
const showProject = `engine=$1; shift
for file; do
  dir=\${file%/*}
  states=
  [ -z "$engine" ] || states=$($engine ps -a --filter "label=com.docker.compose.project.working_dir=$dir" \\
    --format '{{.State}}' 2>/dev/null </dev/null | tr '\\n' ' ')
  printf 'project\\0%s\\0%s\\0%s\\0' "$dir" "\${file##*/}" "$states"
done`;

const showUnits = `
printf 'program\\0%s\\0home\\0%s\\0' "$compose" "$(cd -- "$HOME" && pwd -P)"
for unit in "$HOME"/.config/systemd/user/default.target.wants/containarium-compose-*.service; do
  [ ! -e "$unit" ] || printf 'unit\\0%s\\0' "\${unit##*/}"
done
`;

/** Returns what finds projects below a folder. */
export function findScript(root: string): string {
  const prune = skipped.map((name) => `-name ${quote(name)}`).join(" -o ");
  const names = composeFiles.map((name) => `-name ${quote(name)}`).join(" -o ");
  return `${enter(root)}${findPrograms}${showUnits}
find "$PWD" -maxdepth ${MAX_DEPTH} \\( ${prune} \\) -prune -o -type f \\( ${names} \\) \\
  -exec sh -c ${quote(showProject)} sh "$engine" {} + 2>/dev/null
exit 0`;
}

/** Returns what shows the project in a folder, with its containers. */
export function statusScript(dir: string): string {
  const files = composeFiles.map(quote).join(" ");
  return `${enter(dir)}${findPrograms}${showUnits}
path=$(command -v \${compose%% *} 2>/dev/null)
printf 'path\\0%s\\0' "$path"
for name in ${files}; do
  [ ! -f "$name" ] || { sh -c ${quote(showProject)} sh "$engine" "$PWD/$name"; break; }
done
[ -z "$engine" ] || $engine ps -a --filter "label=com.docker.compose.project.working_dir=$PWD" \\
  --format '{{.Names}}\t{{.State}}\t{{.Status}}\t{{.Image}}' 2>/dev/null </dev/null |
  while IFS= read -r line; do printf 'container\\0%s\\0' "$line"; done
exit 0`;
}

/** Returns what checks the project's file: Compose's own words, and its exit code. */
export function checkScript(dir: string): string {
  return `${enter(dir)}${findPrograms}
$compose config -q 2>&1 </dev/null || $compose config 2>&1 >/dev/null </dev/null`;
}

const reach = `
[ -n "\${XDG_RUNTIME_DIR-}" ] || XDG_RUNTIME_DIR=/run/user/$(id -u)
DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
export XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS
units=$HOME/.config/systemd/user
user=$(id -un)
`;

/** Returns what installs a unit, which it reads from stdin, and starts it if nothing runs. */
export function enableScript(unit: string, { starts }: { readonly starts: boolean }): string {
  return `${reach}command -v systemctl >/dev/null 2>&1 || exit 69
mkdir -p "$units/default.target.wants" && cat >"$units/.${unit}.new" &&
  mv -f "$units/.${unit}.new" "$units/${unit}" &&
  ln -sfn "../${unit}" "$units/default.target.wants/${unit}" || exit 73
lingers() { [ "$(loginctl show-user "$user" -p Linger --value 2>/dev/null)" = yes ]; }
lingers || loginctl --no-ask-password enable-linger "$user" >/dev/null 2>&1 </dev/null ||
  sudo -n loginctl enable-linger "$user" >/dev/null 2>&1 </dev/null
lingers && printf 'lingers\\0yes\\0'
left=10
until systemctl --user daemon-reload >/dev/null 2>&1 </dev/null; do
  left=$((left - 1))
  [ $left -gt 0 ] || exit 0
  sleep 0.5 2>/dev/null || sleep 1
done
${
    starts
      ? `systemctl --user start --no-block ${unit} >/dev/null 2>&1 </dev/null && printf 'started\\0yes\\0'`
      : ":"
  }
exit 0`;
}

/** Returns what removes a unit. What runs goes on. */
export function disableScript(unit: string): string {
  return `${reach}rm -f "$units/default.target.wants/${unit}" "$units/${unit}" || exit 73
systemctl --user daemon-reload >/dev/null 2>&1 </dev/null
exit 0`;
}

/** Below the home, unless the folder is absolute. */
function enter(dir: string): string {
  return `cd -- "$HOME" && cd -- ${quote(dir)} 2>/dev/null && cd -- "$(pwd -P)" || exit 66\n`;
}

/**
 * What makes a container a runner. It runs as root, and may run again.
 *
 * @module
 */
import type { RunnerDownload } from "../../client/mod.ts";
import { quote } from "../../client/internal.ts";

/** What a runner registers as. */
export interface RunnerIdentity {
  /** Its name at GitHub. */
  readonly name: string;
  /** Labels that workflows name. */
  readonly labels: readonly string[];
  /** Address of its repository or organization. */
  readonly page: string;
  /** The runner's program. */
  readonly downloads: readonly RunnerDownload[];
}

/**
 * Returns the script. It reads the registration token from its stdin and passes it on in the environment of a
 * process of the runner's own user: an argument would stand in the list of processes.
 */
export function installScript({ name, labels, page, downloads }: RunnerIdentity): string {
  const choices = downloads.map(({ architecture, url, sha256 }) =>
    `  ${quote(architecture)}) url=${quote(url)} sum=${sha256} ;;`
  );
  return `set -u
IFS= read -r token || exit 64
step=start log=$(mktemp) || exit 64
fail() { printf '%s: ' "$step"; tail -n 3 "$log" | tr '\\n' ' '; rm -f "$log"; exit 1; }
try() { "$@" >"$log" 2>&1 </dev/null || fail; }
case $(uname -m) in x86_64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
url= sum=
case $arch in
${choices.join("\n")}
esac
step='find a program for this architecture'
try test -n "$url"
step='install curl and tar'
if ! command -v curl >/dev/null 2>&1 || ! command -v tar >/dev/null 2>&1; then
  if command -v apt-get >/dev/null 2>&1; then
    try apt-get update
    DEBIAN_FRONTEND=noninteractive try apt-get install -y curl tar ca-certificates
  else try dnf install -y curl tar; fi
fi
step='make the user ghrunner'
if id ghrunner >/dev/null 2>&1; then
  # Its jobs may have changed whatever is theirs: root runs and follows nothing of that.
  step='end an earlier runner'
  systemctl list-unit-files --no-legend 'actions.runner.*' 2>/dev/null </dev/null |
    while read -r unit _; do
      systemctl disable --now "$unit" </dev/null
      rm -f -- "/etc/systemd/system/$unit"
    done >/dev/null 2>&1
  pkill -KILL -u ghrunner >/dev/null 2>&1 </dev/null
else try useradd -m -s /bin/bash ghrunner; fi
home=$(getent passwd ghrunner | cut -d: -f6)
try test -n "$home"
home=$home/actions-runner
step='make its folder'
try rm -rf -- "$home"
try mkdir "$home"
cd "$home" 2>"$log" || fail
step='download the program'
try curl -fsSL --retry 3 -o runner.tar.gz "$url"
step='check the program'
echo "$sum  runner.tar.gz" | sha256sum -c >"$log" 2>&1 || fail
step='unpack the program'
try tar xzf runner.tar.gz
rm -f runner.tar.gz
step='install what it depends on'
try ./bin/installdependencies.sh
try chown -R ghrunner: "$home"
step='register it at GitHub'
ACTIONS_RUNNER_INPUT_TOKEN=$token
export ACTIONS_RUNNER_INPUT_TOKEN
try runuser -u ghrunner -- ./config.sh --unattended --replace --url ${quote(page)} \\
  --name ${quote(name)} --labels ${quote(labels.join(","))} --work _work
unset ACTIONS_RUNNER_INPUT_TOKEN token
step='start it as a service'
try ./svc.sh install ghrunner
try ./svc.sh start
rm -f "$log"
echo installed`;
}

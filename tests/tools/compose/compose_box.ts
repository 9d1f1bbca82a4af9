/** A container with Compose, systemd and login's lingering, all of which are stand-ins on its `PATH`. @module */
import { connect, type ConnectOptions, type Session } from "../../connect.ts";
import { type Daemon, startDaemon } from "../../daemon/mod.ts";

/** What the stand-ins are like. */
export interface BoxOptions {
  /** Without Compose. @default {true} */
  readonly compose?: boolean;
  /** Without systemd. @default {true} */
  readonly systemd?: boolean;
  /** Whether root may let the user linger. @default {true} */
  readonly canLinger?: boolean;
  /** Whether Compose accepts the files. @default {true} */
  readonly isValid?: boolean;
  /** How the server is started. */
  readonly connect?: ConnectOptions;
}

/** A conversation about alice's container. */
export interface ComposeBox extends AsyncDisposable {
  /** The daemon. */
  readonly daemon: Daemon;
  /** The conversation. */
  readonly server: Session;
  /** The user's home on this machine. */
  readonly home: string;
  /** Writes a file below the home. */
  write(path: string, text?: string): Promise<void>;
  /** Lets containers of a folder run, one `name state` each. */
  setContainers(dir: string, lines: readonly string[]): Promise<void>;
  /** What was done with systemd, in order. */
  systemctl(): Promise<readonly string[]>;
}

/** Starts one. */
export async function startComposeBox(options: BoxOptions = {}): Promise<ComposeBox> {
  const { compose = true, systemd = true, canLinger = true, isValid = true } = options;
  await using made = new AsyncDisposableStack();
  const daemon = made.use(await startDaemon({ shell: {}, containers: [{ username: "alice" }] }));
  const home = daemon.home("alice");
  const server = made.use(
    await connect(daemon, { args: ["--toolsets", "compose"], ...options.connect }),
  );
  // The folder is made when the container is first entered.
  await server.call("manage_compose", { username: "alice", action: "find" });
  const bin = `${home}/../bin`;
  const place = (name: string, script: string) =>
    Deno.writeTextFile(`${bin}/${name}`, `#!/bin/sh\n${script}`, { mode: 0o755 });
  if (compose) await place("podman", podman(home, isValid));
  if (systemd) {
    await place("systemctl", `printf '%s\\n' "$*" >>'${home}/.systemctl'\n`);
    await place("loginctl", loginctl(home, canLinger));
  }
  const all = made.move();
  return {
    daemon,
    server,
    home,
    write: async (path, text = "services: {}\n") => {
      const folder = `${home}/${path}`.replace(/\/[^/]*$/, "");
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(`${home}/${path}`, text);
    },
    setContainers: (dir, lines) =>
      Deno.writeTextFile(`${home}/${dir}/.containers`, lines.map((line) => `${line}\n`).join("")),
    systemctl: async () => (await Deno.readTextFile(`${home}/.systemctl`)).trim().split("\n"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function podman(home: string, isValid: boolean): string {
  return `
case "$1 $2" in
  'compose version') echo 2.39.1 ;;
  'compose config') ${isValid ? "" : "echo 'services.web: \\033[2Jno image'; exit 15"} : ;;
  'ps -a')
    dir=\${4#label=com.docker.compose.project.working_dir=}
    [ -f "$dir/.containers" ] || exit 0
    while read -r name state; do
      case $6 in '{{.State}}') echo "$state" ;; *) printf '%s\\t%s\\tUp 2 hours\\tdocker.io/nginx\\n' "$name" "$state" ;; esac
    done <"$dir/.containers" ;;
  *) echo "podman: $*" >>'${home}/.podman' ;;
esac
`;
}

function loginctl(home: string, canLinger: boolean): string {
  return `
case $* in
  show-user*) [ -f '${home}/.lingers' ] && echo yes || echo no ;;
  'enable-linger '*) ${canLinger ? `: >'${home}/.lingers'` : "exit 1"} ;;
  *) exit 1 ;;
esac
`;
}

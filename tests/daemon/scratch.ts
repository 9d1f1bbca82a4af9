/** The inside of one container: a folder with a home, the tools on its `PATH`, and what they read. @module */

import { placeFakes, quote } from "./fakes.ts";
import { findTool, toolNames } from "./scratch_tools.ts";
import type { LoginShell, ShellOptions } from "./shell_types.ts";

const programs = new URL("bin/", import.meta.url).pathname;

/** Secrets that a container has, by name. */
export type Delivery = Readonly<
  Record<"env" | "files" | "compose", ReadonlyMap<string, string>>
>;

function write(folder: string, name: string, content: string): void {
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(`${folder}/${name}`, content);
}

/** A container's folder on this machine. */
export class Scratch {
  /** All of it. */
  readonly folder: string;
  /** The home of the container's user. */
  readonly home: string;
  readonly #username: string;
  readonly #login: LoginShell;

  /** Makes it, with those keys as the user's. */
  constructor(
    folder: string,
    username: string,
    options: ShellOptions,
    sshKeys: readonly string[],
  ) {
    this.#username = username;
    this.#login = options.login ?? "bash";
    this.folder = folder;
    this.home = `${folder}/home`;
    Deno.mkdirSync(this.home, { recursive: true });
    this.#placeTools(options);
    placeFakes(folder, options);
    Deno.writeTextFileSync(`${this.home}/.profile`, this.#profile(options.profile ?? ""));
    if (sshKeys.length > 0) this.#writeKeys(sshKeys);
  }

  /** The environment that a login begins with. */
  get environment(): Readonly<Record<string, string>> {
    return {
      HOME: this.home,
      PATH: this.#path,
      TERM: "dumb",
      USER: this.#username,
      LOGNAME: this.#username,
      SHELL: "/bin/sh",
    };
  }

  /** Puts its secrets where a container has them in /run, which is a folder beside the home here. */
  deliver({ files, compose }: Delivery): void {
    const run = `${this.folder}/run`;
    for (const [name, value] of files) write(`${run}/secrets`, name, value);
    const lines = [...compose].map(([name, value]) => `${name}=${value}\n`).join("");
    if (lines !== "") write(`${run}/containarium`, "secrets.env", lines);
  }

  /** What logs its user in. */
  get command(): string {
    const shell = this.#login === "ash" ? "/bin/ash" : `/bin/${this.#login}`;
    return `exec ${
      ["/bin/sh", `${programs}su.sh`, this.#username, shell, `${this.folder}/login`]
        .map(quote).join(" ")
    }`;
  }

  get #path(): string {
    return `${this.folder}/bin`;
  }

  #placeTools({ missing = [] }: ShellOptions): void {
    Deno.mkdirSync(this.#path);
    for (const name of toolNames) {
      const target = missing.includes(name) ? undefined : findTool(name);
      if (target !== undefined) Deno.symlinkSync(target, `${this.#path}/${name}`);
    }
    const login = this.#login === "ash" ? "busybox" : this.#login;
    Deno.mkdirSync(`${this.folder}/login`);
    Deno.symlinkSync(findTool(login) ?? `/bin/${login}`, `${this.folder}/login/-${this.#login}`);
  }

  /** The machine's own `/etc/profile` comes first, and sets the machine's own `PATH`. */
  #profile(added: string): string {
    return `PATH=${quote(this.#path)}\nexport PATH\n` +
      `if [ -n "\${BASH_VERSION-}" ] && [ -f "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi\n${added}`;
  }

  #writeKeys(sshKeys: readonly string[]): void {
    Deno.mkdirSync(`${this.home}/.ssh`, { mode: 0o700 });
    const text = sshKeys.map((key) => `${key.trim()}\n`).join("");
    Deno.writeTextFileSync(`${this.home}/.ssh/authorized_keys`, text, { mode: 0o600 });
  }
}

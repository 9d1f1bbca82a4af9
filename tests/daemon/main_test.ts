/** The command. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testWithPty } from "../with_pty.ts";
import { isAlive, Sitting } from "./terminal_client.ts";

const shellFlags = [
  "--allow-run=script,sh",
  "--allow-read",
  "--allow-write",
  "--allow-env=PATH,WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE",
];

function commandOf(
  options: readonly string[],
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Deno.Command {
  const common = ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", ...flags];
  const maps = ["--import-map=npm/imports.json", "--lock=npm/deno.lock"];
  return new Deno.Command(Deno.execPath(), {
    cwd: new URL("../../", import.meta.url),
    env,
    args: [...common, ...maps, "tests/daemon/main.ts", ...options],
    stdout: "piped",
    stderr: "piped",
  });
}

/** The command while it serves. */
class Running implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;
  #printed = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Starts it, and waits until it serves. */
  static async start(options: readonly string[], flags?: readonly string[]): Promise<Running> {
    const running = new Running(commandOf(options, flags).spawn());
    while (!/TOKEN=.*\n/.test(running.#printed)) {
      const { value, done } = await running.#output.read();
      assert(!done, `It ended after printing ${running.#printed}`);
      running.#printed += value;
    }
    return running;
  }

  /** What it has printed. */
  get printed(): string {
    return this.#printed;
  }

  /** What it says to export. */
  exported(name: string): string {
    return this.#printed.match(`export ${name}=(.*)`)?.[1] ?? "";
  }

  /** Asks it for its containers, with that token. */
  async list(token = this.exported("CONTAINARIUM_JWT_TOKEN")): Promise<Response> {
    return await fetch(`${this.exported("CONTAINARIUM_SERVER_URL")}/v1/containers`, {
      headers: { authorization: `Bearer ${token}` },
    });
  }

  /** Ends it with a signal, and gives its exit code. */
  async end(): Promise<number> {
    this.#child.kill("SIGTERM");
    return (await this.#child.status).code;
  }

  /** Ends it if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.#output.cancel();
    await this.#child.stderr.cancel();
  }
}

Deno.test("The command prints what to export, serves, and ends on a signal", async () => {
  await using running = await Running.start(["--container=alice", "--container=bob"]);
  const { totalCount }: { readonly totalCount: number } = await (await running.list()).json();
  assertEquals(totalCount, 2);
  const [, usersToken = ""] = /^# export CONTAINARIUM_JWT_TOKEN=(.*)$/m.exec(running.printed) ?? [];
  const own = await running.list(usersToken);
  const { containers }: { readonly containers: readonly unknown[] } = await own.json();
  assertEquals(containers.length, 1, "alice's token without the admin role shows hers alone");
  assertEquals(await running.end(), 0);
});

Deno.test("The command refuses what it does not know, and a shell whose port is known before", async () => {
  for (
    const [options, problem] of [
      [["--containers=x"], "unknown argument --containers=x"],
      [["--shell", "--port=8080"], "--port cannot be chosen with --shell"],
      [["--shell", "--login=tcsh"], 'unknown login shell "tcsh"'],
      [["--login=bash"], "--login needs --shell"],
    ] as const
  ) {
    const { code, stderr } = await commandOf(options).output();
    assertEquals(code, 2);
    assertStringIncludes(new TextDecoder().decode(stderr), problem);
  }
});

testWithPty(
  "The command with --shell warns, takes another secret each time, and ends what runs there",
  async () => {
    const tokens: string[] = [];
    for (const login of ["dash", "bash"]) {
      const options = ["--container=alice", "--shell", `--login=${login}`];
      await using running = await Running.start(options, shellFlags);
      assertStringIncludes(
        running.printed,
        "WARNING: its terminals are shells on this very machine",
      );
      const url = running.exported("CONTAINARIUM_SERVER_URL");
      assertEquals(new URL(url).hostname, "127.0.0.1");
      for (const token of tokens) {
        const answer = await running.list(token);
        await answer.body?.cancel();
        assertEquals(answer.status, 401);
      }
      const token = running.exported("CONTAINARIUM_JWT_TOKEN");
      tokens.push(token);
      await using alice = await Sitting.at(url, "alice", token);
      alice.type("trap '' TERM HUP; setsid sleep 1000 & echo I am $0, $!.\n");
      const [, pid] = /, (\d+)\./.exec(await alice.shows(new RegExp(`-${login}, \\d+\\.`))) ?? [];
      assertEquals(await running.end(), 0);
      await alice.closed;
      assert(pid !== undefined);
      assertEquals(await isAlive(Number(pid)), false);
    }
  },
);

testWithPty("The command with --zfs has snapshots, of the homes of its shells too", async () => {
  await using running = await Running.start(["--container=alice", "--shell", "--zfs"], shellFlags);
  const url = running.exported("CONTAINARIUM_SERVER_URL");
  const token = running.exported("CONTAINARIUM_JWT_TOKEN");
  const post = async (path: string, body: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const snapshots = `${url}/v1/containers/alice/snapshots${path}`;
    const answer = await fetch(snapshots, { method: "POST", headers, body });
    return (await answer.text()).slice(0, 60);
  };
  {
    await using alice = await Sitting.at(url, "alice", token);
    alice.type("echo kept > file; echo made $((1 + 1)) of it\n");
    await alice.shows("made 2 of it");
    assertStringIncludes(await post("", '{"name":"one"}'), '{"snapshot":{"name":"one"');
    alice.type("rm file; echo gone $((1 + 1)) times\n");
    await alice.shows("gone 2 times");
  }
  assertStringIncludes(await post("/one/rollback", '{"force":true}'), "rolled alice back");
  const start = `${url}/v1/containers/alice/start`;
  const headers = { authorization: `Bearer ${token}` };
  await (await fetch(start, { method: "POST", headers })).text();
  await using alice = await Sitting.at(url, "alice", token);
  alice.type("cat file; echo seen $((1 + 1))\n");
  assertStringIncludes(await alice.shows("seen 2"), "kept");
  assertEquals(await running.end(), 0);
});

testWithPty("The command runs no shell without --shell", async () => {
  await using running = await Running.start(["--container=alice"]);
  const token = running.exported("CONTAINARIUM_JWT_TOKEN");
  const opening = Sitting.at(running.exported("CONTAINARIUM_SERVER_URL"), "alice", token);
  assertEquals(await opening.then(() => "open", () => "refused"), "refused");
});

Deno.test({
  name: "The command says what its terminals need where there is no script",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const path = { PATH: "/nonexistent" };
    const { code, stderr } = await commandOf(["--shell"], shellFlags, path).output();
    const text = new TextDecoder().decode(stderr);
    assertEquals(code, 1, text);
    assertStringIncludes(text, "they need script of util-linux (Debian: bsdutils)");
    assertStringIncludes(text, "Without them: deno run --allow-net=127.0.0.1");
  },
});

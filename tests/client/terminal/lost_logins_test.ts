/** What a login does whose connection is lost before the client knows that there is a shell. */
import { assert, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { newNonce } from "../../../client/terminal/agent.ts";
import {
  confirmationProof,
  openingLine,
  openingProof,
} from "../../../client/terminal/opening_line.ts";
import { eachAtOnce } from "../../at_once.ts";
import type { LoginShell } from "../../daemon/mod.ts";
import { Pty } from "../../daemon/pty.ts";
import { findTool } from "../../daemon/scratch_tools.ts";
import { programOf, testWithPty } from "../../with_pty.ts";
import type { ContainerTerminal } from "../../../client/terminal/terminal.ts";
import { heldLogin, letGo, untilHeld } from "./held_login.ts";
import { nothingLeft, startShells, TestTerminals } from "./shell_daemon.ts";

const onOutput = () => {};

/** How a login comes about, and how many logins come before it. */
const logins: Readonly<
  Record<string, readonly [(terminal: ContainerTerminal) => Promise<unknown>, number]>
> = {
  "a command's": [(terminal) => terminal.run("true"), 0],
  "a shell's guard's": [(terminal) => terminal.open({ cols: 80, rows: 24, onOutput }), 0],
  "a shell's": [(terminal) => terminal.open({ cols: 80, rows: 24, onOutput }), 1],
};

testWithPty("a login whose connection is lost before it is confirmed ends by itself", async (t) => {
  await eachAtOnce(t, logins, async ([start, others]) => {
    await using daemon = await startShells({ profile: heldLogin(others), silenceSeconds: 2 });
    await using terminals = await TestTerminals.of(daemon);
    const lost = assertRejects(() => start(terminals.of("alice")), ContainariumError);
    const home = daemon.home("alice");
    await untilHeld(home);
    daemon.dropTerminals("alice");
    await lost;
    await letGo(home);
    await nothingLeft(daemon);
  });
});

/** Resolves when a shell has ended into which only `first` and its opening was typed. */
async function unconfirmed(login: LoginShell, first: string): Promise<void> {
  const nonce = newNonce();
  const home = await Deno.makeTempDir({ prefix: "login-" });
  let seen = "";
  const show = (text: string) => {
    seen += text;
    return Promise.resolve();
  };
  const env = { PATH: "/usr/bin:/bin", SHELL: "/bin/sh", TERM: "dumb", HOME: home };
  const applet = login === "ash" ? "ash" : "";
  const pty = new Pty(`cd; exec ${findTool(programOf(login))} ${applet} -i`, env, {
    show,
    ended: () => {},
  });
  const line = openingLine(nonce, { cols: 80, rows: 24 }).replace("time 250", "time 10");
  // Twice, as to a login that takes long.
  pty.type(first + line + line);
  await pty.ended;
  await Deno.remove(home, { recursive: true });
  assert(openingProof(nonce).test(seen), seen);
  assert(!confirmationProof(nonce).test(seen), seen);
}

for (const login of ["bash", "dash", "ash", "zsh", "fish"] as const) {
  testWithPty(`a shell that nobody confirms ends after some silence: ${login}`, async () => {
    await unconfirmed(login, "");
  }, [programOf(login)]);
}

testWithPty("a shell that nobody confirms ends though it ignores SIGHUP", async () => {
  await unconfirmed("bash", "trap '' HUP\n");
});

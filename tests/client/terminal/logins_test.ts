/** What a login may do before there is a shell, or instead of one. */
import { eachAtOnce } from "../../at_once.ts";
import { testWithPty } from "../../with_pty.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import type { ShellOptions } from "../../daemon/mod.ts";
import { nothingLeft, startShells, TestTerminals, textOf } from "./shell_daemon.ts";

async function failure(shell: ShellOptions): Promise<ContainariumError> {
  await using daemon = await startShells(shell);
  await using terminals = await TestTerminals.of(daemon, { readyMs: 1_700 });
  const error = await assertRejects(() => terminals.of("alice").run("true"), ContainariumError);
  await nothingLeft(daemon);
  return error;
}

testWithPty("login files that print, sleep, read or change the shell are lived with", async (t) => {
  const profiles: Readonly<Record<string, string>> = {
    "prints": "echo hello; printf '\\033]0;title\\007'; echo '0123456789abcdef01234567 I'\n",
    "sleeps": "echo hello; sleep 5\n",
    "reads": "read -r answer\n",
    "set -euo pipefail": "set -eu\n",
    "exec is redefined": "exec() { :; }\n",
    "our words are aliases": "alias exec=: stty=: dd=:; set -eu\n",
    "another shell": "exec dash\n",
    "a restricted shell": "exec bash -r\n",
    "no home": 'rm -r "$HOME"\n',
    "no echo": "stty -echo\n",
    "a prompt of escapes": "PS1='\\033[31m$\\033[0m '\n",
  };
  await eachAtOnce(t, profiles, async (profile) => {
    await using daemon = await startShells({ profile });
    await using terminals = await TestTerminals.of(daemon);
    assertEquals(textOf((await terminals.of("alice").run("echo ok")).stdout), "ok\n");
    await terminals.close();
    await nothingLeft(daemon);
  });
});

for (const login of ["zsh", "fish"] as const) {
  testWithPty(
    `commands and shells work where the login shell is ${login}, fresh from the box`,
    async () => {
      await using daemon = await startShells({ login });
      await using terminals = await TestTerminals.of(daemon);
      const terminal = terminals.of("alice");
      const script = "cat; echo 'it'\\''s' \"$((6 * 7))\" >&2; exit 3";
      const { exitCode, stdout, stderr } = await terminal.run(script, { stdin: "in\n" });
      assertEquals([exitCode, textOf(stdout), textOf(stderr)], [3, "in\n", "it's 42\n"]);
      const shown = Promise.withResolvers<void>();
      let seen = "";
      const shell = await terminal.open({
        cols: 90,
        rows: 20,
        onOutput: (text) => {
          seen += text;
          if (/\b4[2]\b/.test(seen)) shown.resolve();
        },
      });
      shell.send("expr 6 '*' 7\r");
      await shown.promise;
      await shell.close();
      await terminals.close();
      await nothingLeft(daemon);
    },
    [login],
  );
}

testWithPty("a login that gives no shell is shown, with what it does", async (t) => {
  const none = "its login files run something that is not a shell, or it has no stty";
  const logins: Readonly<Record<string, readonly [ShellOptions, string, string]>> = {
    "it ends at once": [
      { profile: "echo This account is closed; exit 5\n" },
      "its login shell ends at once",
      "This account is closed",
    ],
    "it waits for ever": [
      { profile: "printf 'Choose a \\033[1mcolor\\033[0m\\007\\n'; exec sleep 300\n" },
      none,
      "Choose a color",
    ],
    "it takes what is typed": [{ profile: "echo Your name?; exec cat\n" }, none, "Your name?"],
    "it does not let itself be ended": [
      { profile: "trap '' INT; exec sleep 9\n" },
      none,
      "What they started may still run",
    ],
    "it lacks stty": [{ missing: ["stty"] }, none, "stty: not found"],
  };
  await eachAtOnce(t, logins, async ([shell, why, shown]) => {
    const error = await failure(shell);
    assertEquals(error.code, "failed_precondition");
    assertStringIncludes(error.message, why);
    const all = `${error.message}\n${error.containerText}`;
    assertStringIncludes(all, shown);
    assert(!/stty raw|exit 0/.test(all), all);
  });
});

/** `mcp-server call`: a tool by hand, on the same path as a model's. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exitCodes } from "../../cli/call/exit_codes.ts";
import { startDaemon } from "../daemon/mod.ts";
import { readRecord, storiesIn } from "../record.ts";
import { makeTempFolder } from "../temp.ts";
import { testWithPty } from "../with_pty.ts";
import { assertMatch, runCli, terminal } from "./run_cli.ts";
import { UserTerminal } from "./user_terminal.ts";

const containers = [{ username: "alice" }];

Deno.test("call prints the result's text on stdout, and with --json what programs read", async () => {
  await using daemon = await startDaemon({ containers });
  const text = await runCli(daemon, ["call", "list_containers"]);
  assertEquals([text.code, text.stderr], [0, ""]);
  assertMatch(text.stdout, /^1 container\nusername .*\nalice /);
  const json = await runCli(daemon, ["call", "list_containers", "--json"]);
  assertEquals(json.code, 0);
  assertEquals(JSON.parse(json.stdout).containers[0].username, "alice");
});

Deno.test("call reads arguments as models write them", async (t) => {
  await using daemon = await startDaemon({ containers: [...containers, { username: "bob" }] });
  const cases: Readonly<Record<string, readonly [readonly string[], string?]>> = {
    "a key and a value, with a number": [["username=alice", "memory=8GB", "cpu=2"]],
    "one JSON object": [['{"username": "alice", "memory": "8GB", "cpu": 2}']],
    "the same on stdin": [["-"], '{"username": "alice", "memory": "8GB", "cpu": "2"}'],
    "flags between them": [["username=alice", "--debug", "memory=8GB", "cpu=2"]],
  };
  for (const [name, [words, input]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const { code, stdout, stderr } = await runCli(
        daemon,
        ["call", "resize_container", ...words],
        {
          input,
        },
      );
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "8GB");
    });
  }
  await t.step("a key that comes twice is a list", async () => {
    const names = ["usernames=alice", "usernames=bob"];
    const { code, stdout, stderr } = await runCli(daemon, ["call", "stop_containers", ...names]);
    assertEquals(code, 0, stderr);
    for (const name of ["alice", "bob"]) assertStringIncludes(stdout, name);
  });
});

Deno.test("call asks on the terminal, and does nothing without a yes", async (t) => {
  await using daemon = await startDaemon({ containers });
  const call = (input: string | undefined, ...more: readonly string[]) => {
    const at = input === undefined ? {} : { input, terminal };
    return runCli(daemon, ["call", "delete_container", "username=alice", ...more], at);
  };
  const deleted = () => daemon.requests.some(({ method }) => method === "DELETE");
  for (const answer of ["n\n", "\n", "yesterday\n", ""]) {
    await t.step(`not with ${JSON.stringify(answer)}`, async () => {
      const { code, stderr } = await call(answer);
      assertEquals([code, deleted()], [3, false], stderr);
      assertStringIncludes(stderr, "Delete alice-container? [y/N] ");
      assertStringIncludes(stderr, "The user declined");
    });
  }
  await t.step("not without a terminal", async () => {
    const { code, stderr } = await call(undefined);
    assertEquals([code, deleted()], [3, false]);
    assertStringIncludes(stderr, "stdin is no terminal; with --yes, the call agrees beforehand");
    const json = await call(undefined, "--json");
    assertEquals([json.code, JSON.parse(json.stdout).error.code], [3, "refused"]);
  });
  await t.step("not where the question would not be seen", async () => {
    const at = { input: "y\n", terminal: { ...terminal, isError: false } };
    const args = ["call", "delete_container", "username=alice"];
    const { code, stderr } = await runCli(daemon, args, at);
    assertEquals([code, deleted()], [3, false]);
    assertStringIncludes(stderr, "stderr is no terminal; with --yes, the call agrees beforehand");
  });
  await t.step("with y", async () => {
    const { code, stdout } = await call("y\n");
    assertEquals([code, deleted()], [0, true]);
    assertStringIncludes(stdout, "alice");
  });
  await t.step("with --yes", async () => {
    await using other = await startDaemon({ containers });
    const args = ["call", "delete_container", "username=alice", "--yes"];
    assertEquals((await runCli(other, args)).code, 0);
  });
});

Deno.test("call is held to policy, quotas, --read-only, scopes and the record", async (t) => {
  await using daemon = await startDaemon({ containers });
  await using folder = await makeTempFolder();
  await t.step("--read-only", async () => {
    const args = ["call", "start_container", "username=alice", "--read-only"];
    const { code, stderr } = await runCli(daemon, args);
    assertEquals(code, 6);
    assertStringIncludes(
      stderr,
      "start_container is off: this server was started with --read-only",
    );
  });
  await t.step("scopes", async () => {
    const token = await daemon.token({ scopes: ["secrets:read"] });
    const { code, stderr } = await runCli({ url: daemon.url, token }, ["call", "list_containers"]);
    assertEquals(code, 6);
    assertStringIncludes(stderr, "the token lacks the scope containers:read");
  });
  await t.step("quotas", async () => {
    const quotas = { quotas: { users: { "*": { memory: "1GB" } } } };
    const file = await folder.write("policy.json", JSON.stringify(quotas));
    const args = ["call", "create_container", "username=bob", "memory=4GB", "--config", file];
    const { code, stderr } = await runCli(daemon, args);
    assertEquals(code, 10, stderr);
  });
  await t.step("the record", async () => {
    const file = `${folder.path}/record.jsonl`;
    for (const answer of ["n\n", "y\n"]) {
      const args = ["call", "delete_container", "username=alice", "--audit", file];
      await runCli(daemon, args, { input: answer, terminal });
    }
    const entries = readRecord(await Deno.readTextFile(file));
    assertEquals(storiesIn(entries), [
      "delete_container: asked refused",
      "delete_container: asked begun ok",
    ]);
    assertEquals(entries[0]?.client?.name, "mcp-server-call");
  });
  await t.step("the record of what was agreed to beforehand", async () => {
    await using other = await startDaemon({ containers });
    const file = `${folder.path}/yes.jsonl`;
    const args = ["call", "delete_container", "username=alice", "--yes", "--audit", file];
    assertEquals((await runCli(other, args)).code, 0);
    const entries = readRecord(await Deno.readTextFile(file));
    assertEquals(storiesIn(entries), ["delete_container: begun ok"]);
    assertEquals(entries[0]?.consent?.answer, "preapproved");
    assertStringIncludes((await runCli(undefined, ["audit", file])).stdout, "preapproved");
  });
});

Deno.test("call exits with a code for each kind of failure", async (t) => {
  await using daemon = await startDaemon({ containers });
  const get = ["get_container", "username=alice"];
  const fails = (code: number, words: readonly string[]) =>
    t.step(`${code}: ${meaningOf(code)} (${words.join(" ")})`, async () => {
      const printed = await runCli(daemon, ["call", ...words]);
      assertEquals(printed.code, code, printed.stderr);
      assertEquals(printed.stdout, "");
      assert(printed.stderr !== "");
    });
  await fails(2, []);
  await fails(2, ["get_contaner"]);
  await fails(2, ["get_container", "user=alice"]);
  await fails(2, ["get_container", "alice"]);
  await fails(2, ["get_container", "{"]);
  await fails(2, [...get, "--jason"]);
  await fails(4, ["get_container", "username=alise"]);
  await fails(7, ["create_container", "username=alice"]);
  await fails(8, ["call_api", "operation=DeleteContainer", 'parameters={"username":"alice"}']);
  await t.step("11: the daemon cannot be reached", async () => {
    const gone = { url: "http://127.0.0.1:9", token: "ctnr_abcdefgh" };
    assertEquals((await runCli(gone, ["call", ...get])).code, 11);
  });
  await t.step("5: a token that is not accepted", async () => {
    const { code } = await runCli({ url: daemon.url, token: "ctnr_other" }, ["call", ...get]);
    assertEquals(code, 5);
  });
  await t.step("1: no address", async () => {
    const { code, stderr } = await runCli(undefined, ["call", ...get]);
    assertEquals(code, 1);
    assertEquals(
      stderr,
      "mcp-server: CONTAINARIUM_SERVER_URL environment variable is required: it is empty\n" +
        "mcp-server doctor says what to set.\n",
    );
  });
  await t.step("1: an address that is refused, with nothing to set", async () => {
    const env = { CONTAINARIUM_MCP_ALLOW_INSECURE: "false" };
    const far = { url: "http://192.0.2.1:8080", token: "ctnr_abcdefgh" };
    const { code, stderr } = await runCli(far, ["call", ...get], { env });
    assertEquals(code, 1);
    assertMatch(stderr, /^mcp-server: http:.*=false refuses that\n$/);
  });
  await t.step("13: the response to a write is lost", async () => {
    daemon.dropNext("POST", "after-read");
    const { code, stderr } = await runCli(daemon, ["call", "stop_container", "username=alice"]);
    assertEquals(code, 13, stderr);
  });
  await t.step("15: a result that reports a failure", async () => {
    const words = ["usernames=nobody", "usernames=noone", "command=true"];
    const { code, stdout, stderr } = await runCli(daemon, ["call", "run_command", ...words]);
    assertEquals(code, 15, stderr);
    assertStringIncludes(stdout, "noone");
  });
});

function meaningOf(code: number): string {
  return exitCodes.find(([known]) => known === code)?.[1] ?? "unknown";
}

Deno.test("call --help and docs/commands.md list the same exit codes", async () => {
  const { stdout } = await runCli(undefined, ["call", "--help"]);
  const page = await Deno.readTextFile(new URL("../../docs/commands.md", import.meta.url));
  for (const [code, meaning] of exitCodes) {
    assertStringIncludes(stdout, `  ${String(code).padEnd(5)}${meaning}\n`);
    assertMatch(page, new RegExp(`\\| ${code} +\\| ${RegExp.escape(meaning)} +\\|`));
  }
});

Deno.test("call reports progress on stderr: a bar on a terminal, lines with --verbose, else nothing", async () => {
  await using daemon = await startDaemon({ containers });
  const call = (
    name: string,
    ...more: readonly string[]
  ) => ["call", "create_container", `username=${name}`, ...more];
  const quiet = await runCli(daemon, call("bob"));
  assertEquals([quiet.code, quiet.stderr], [0, ""]);
  const lines = await runCli(daemon, call("carol", "--verbose"));
  assertMatch(lines.stderr, /carol/);
  // deno-lint-ignore no-control-regex
  assert(!/\x1b/.test(lines.stderr));
  const bar = await runCli(daemon, call("dave"), { terminal });
  assertMatch(bar.stderr, /[#-]{20}/);
  assert(bar.stderr.includes("\x1b[?25h"), "the cursor is hidden");
  assert(!bar.stdout.includes("\x1b"));
});

testWithPty(
  "call asks a user on a terminal, and Ctrl-C ends what runs in the container",
  async (t) => {
    await using daemon = await startDaemon({ containers, shell: {} });
    await t.step("15: a command that did not end with 0", async () => {
      const command = (
        text: string,
      ) => ["call", "run_command", "username=alice", `command=${text}`];
      const { code, stdout } = await runCli(daemon, command("exit 3"));
      assertEquals(code, 15, stdout);
      assertStringIncludes(stdout, "exit 3");
      assertEquals((await runCli(daemon, command("true"))).code, 0);
    });
    await t.step("a question, y", async () => {
      const args = ["call", "delete_container", "username=alice", "--toolsets", "containers"];
      await using user = await UserTerminal.start(daemon, args);
      await user.waitFor("Delete alice-container? [y/N]");
      await user.type("n\r");
      await user.waitFor("exit code 3");
    });
    for (const early of ["yes\n", "yes"]) {
      await t.step(
        `what was typed before the question is no answer: ${JSON.stringify(early)}`,
        async () => {
          const args = ["call", "delete_container", "username=alice", "--toolsets", "containers"];
          await using user = await UserTerminal.start(daemon, args);
          await user.type(early);
          // The terminal has it.
          await user.waitFor("yes");
          await user.waitFor("Delete alice-container? [y/N]");
          await user.type("\n");
          await user.waitFor("exit code 3");
        },
      );
    }
    await t.step("Ctrl-C at the question", async () => {
      await using user = await UserTerminal.start(daemon, [
        "call",
        "delete_container",
        "username=alice",
      ]);
      await user.waitFor("[y/N]");
      await user.type("\x03");
      await user.waitFor("exit code 130");
    });
    await t.step("Ctrl-C during a command", async () => {
      await using folder = await makeTempFolder();
      const command = `command=echo $$ > ${folder.path}/pid; exec sleep 300`;
      await using user = await UserTerminal.start(daemon, [
        "call",
        "run_command",
        "username=alice",
        command,
      ]);
      const pid = await fileOf(`${folder.path}/pid`);
      await user.type("\x03");
      await user.waitFor("exit code 130");
      assert(!await isRunning(pid), "the command still runs");
    });
  },
);

async function fileOf(path: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text.endsWith("\n")) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function isRunning(pid: string): Promise<boolean> {
  return await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
}

Deno.test("call says how an argument is written that was given as a flag", async () => {
  for (const [flag, name] of [["--username", "username"], ["--wait-seconds=5", "wait_seconds"]]) {
    const { code, stderr } = await runCli(undefined, ["call", "create_container", flag ?? ""]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `; an argument of a tool has no dashes: ${name}=VALUE\n`);
  }
  const { stderr } = await runCli(undefined, ["call", "create_container", "--debgu"]);
  assertStringIncludes(stderr, "did you mean --debug?");
});

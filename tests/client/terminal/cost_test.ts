/** What a command costs, counted: programs started in the container, bytes and frames on the wire. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sentScript, upload } from "../../../client/terminal/agent.ts";
import { AgentSession } from "../../../client/terminal/agent_session.ts";
import type { Link, LinkOptions } from "../../../client/terminal/link.ts";
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { ApiPath } from "../../../client/transport/api_path.ts";
import { testWithPty } from "../../with_pty.ts";
import { agentShells, outcomeOf, programOf, PtyAgent, text } from "./pty.ts";
import { startShells } from "./shell_daemon.ts";
import { type CountedTools, toolsCounted, toolsWithOldBase64 } from "./tool_folders.ts";

const megabyte = 1_000_000;

/** What was started but for `sleep`, by which a slow machine waits, and the `cat` by which busybox prints. */
async function startedBy(tools: CountedTools): Promise<string> {
  return (await tools.started()).filter((name) => name !== "sleep" && name !== "cat").join(" ");
}

for (const shell of agentShells) {
  testWithPty(`few programs are started for a command under ${shell}`, async (t) => {
    await using tools = await toolsCounted();
    await using agent = await PtyAgent.start(shell, { path: tools.path });
    await t.step("to get ready", async () => {
      assertEquals(await startedBy(tools), "dd dd env mkdir mkfifo setsid stty");
    });
    for (const time of ["first", "next"]) {
      await t.step(`for the ${time} one, which prints nothing`, async () => {
        await agent.run("exit 0");
        assertEquals(await startedBy(tools), "bash dd dd env setsid");
      });
    }
    await t.step("for one that prints a word", async () => {
      assertEquals(outcomeOf(await agent.run("echo x")), [0, "x\n", ""]);
      assertEquals(await startedBy(tools), "base64 bash cksum dd dd env setsid");
    });
    await t.step("to end", async () => {
      await agent.close();
      assertEquals(await startedBy(tools), "rm");
    });
  }, [programOf(shell)]);

  testWithPty(`a long output is sent in few bytes under ${shell}`, async (t) => {
    await using tools = await toolsCounted();
    await using agent = await PtyAgent.start(shell, { path: tools.path });
    const bytesPerByte = async (command: string) => {
      const before = agent.printed;
      const { stdout } = await agent.run(command, { headBlocks: 2_000 });
      assertEquals(stdout.head.length, megabyte);
      return (agent.printed - before) / megabyte;
    };
    await t.step("text, zipped", async () => {
      assert(await bytesPerByte(`yes 'a line of text' | head -c ${megabyte}`) < 0.02);
      assert(agent.parts.some((part) => part.startsWith(`B o z ${megabyte} `)));
    });
    await t.step("noise, of which only a sample is zipped", async () => {
      const ratio = await bytesPerByte(`head -c ${megabyte} /dev/urandom`);
      assert(ratio < 1.335, `${ratio} characters a byte`);
      assert(agent.parts.some((part) => part.startsWith(`B o p ${megabyte} `)));
    });
    await agent.close();
  }, [programOf(shell)]);

  testWithPty(`a child keeps the input of its command under ${shell}`, async () => {
    await using agent = await PtyAgent.start(shell);
    const stdin = new TextEncoder().encode("kept\n");
    const child =
      "{ until [ -e go ]; do sleep 0.02; done; cat >heard; mv heard kept; } <&0 >&- 2>&- &";
    assertEquals(outcomeOf(await agent.run(`cd; ${child}`, { stdin })), [0, "", ""]);
    const wait = "cd; until [ -e kept ]; do sleep 0.02; done; cat kept";
    assertEquals(outcomeOf(await agent.run(`cd; true >go; ${wait}`)), [0, "kept\n", ""]);
    await agent.close();
  }, [programOf(shell)]);

  testWithPty(`a base64 without options serves under ${shell}`, async () => {
    await using tools = await toolsWithOldBase64();
    await using agent = await PtyAgent.start(shell, { path: tools.path });
    const lines = Array.from({ length: 2_000 }, (_, n) => `${n + 1}\n`).join("");
    assertEquals(outcomeOf(await agent.run("seq 2000; echo e >&2")), [0, lines, "e\n"]);
    await agent.close();
  }, [programOf(shell)]);

  testWithPty(`a script arrives as it was written under ${shell}`, async () => {
    await using agent = await PtyAgent.start(shell);
    const characters = fc.constantFrom(..."ab \t\n\\'\"$%`*?[0nc-€\x01\r");
    const scripts = fc.string({ unit: characters, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(scripts, async (rest) => {
        const script = `cat "$0"; exit 0\n${rest}`;
        const { exitCode, stdout } = await agent.run(script);
        assertEquals([exitCode, text(stdout.head)], [0, script]);
      }),
      { numRuns: 40 },
    );
    await agent.close();
  }, [programOf(shell)]);
}

Deno.test("sentScript() takes base64 for a long script, and for one that is not plain text", () => {
  const lengthsOf = (script: string) => sentScript(new TextEncoder().encode(script)).lengths;
  assertEquals(lengthsOf(""), ["line", 0]);
  assertEquals(lengthsOf("a\\\nb"), ["line", 6]);
  assertEquals(lengthsOf("x".repeat(2_000)), ["line", 2_000]);
  assertEquals(lengthsOf("x".repeat(2_001)), [2_668, 2_001]);
  assertEquals(lengthsOf("\n".repeat(2_000)), [2_668, 2_000]);
  for (const script of ["a\0", "\r", "\x7f", "é", "\ud800", "\ufeff"]) {
    assert(lengthsOf(script)[0] !== "line", JSON.stringify(script));
  }
});

Deno.test("upload() is ASCII, of which the loop counts characters", () => {
  assert(/^[\n -~]+$/.test(upload("0".repeat(24))));
});

/** Counts the frames that are sent. */
class CountedLinks extends LinkOpener {
  frames = 0;

  override async open(options: LinkOptions): Promise<Link> {
    const link = await super.open(options);
    const send = (text: string) => {
      this.frames++;
      link.send(text);
    };
    return {
      get isOpen() {
        return link.isOpen;
      },
      send,
      close: () => link.close(),
      cut: () => link.cut(),
    };
  }
}

testWithPty(
  "a command takes one frame, beside one to start the agent and one to end it",
  async () => {
    await using daemon = await startShells();
    using links = new CountedLinks([], "direct");
    const { signal } = new AbortController();
    const socket = await TerminalSocket.connect({
      serverUrl: new URL(daemon.url),
      path: new ApiPath("containers", "alice", "terminal"),
      headers: {
        authorization: `Bearer ${await daemon.token()}`,
        origin: "http://localhost:3000",
      },
      links,
      signal,
    });
    const session = await AgentSession.start(socket, 25_000, signal);
    const framesToStart = links.frames;
    const request = { stdin: new Uint8Array(), headBlocks: 1, tailBytes: 1, onPiece: undefined };
    const script = new TextEncoder().encode("true");
    for (let commands = 1; commands <= 3; commands++) {
      assertEquals((await session.run({ ...request, script })).exitCode, 0);
      assertEquals(links.frames, framesToStart + commands);
    }
    await session.close();
    assertEquals(links.frames, framesToStart + 4);
  },
);

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { RunResult } from "../../../client/mod.ts";
import { asRoot, rootRefusal } from "../../../tools/terminal/root.ts";
import { findTool } from "../../daemon/scratch_tools.ts";
import { needing } from "../../needs.ts";
import { makeTempFolder, type TempFolder } from "../../temp.ts";

const nothingOmitted = { at: 0, bytes: 0 };

/** A command line whose program has its path. */
function withPath(command: string): string {
  return command.replace(/^\S+/, (name) => findTool(name) ?? name);
}

/** A folder of programs: the shells, the sudo, and a `head` that may read too far. */
async function makePath(
  shells: Readonly<Record<string, string>>,
  sudo: string | undefined,
  head: "coreutils" | "other",
): Promise<TempFolder> {
  const folder = await makeTempFolder();
  const write = (name: string, script: string) => folder.write(name, script, { mode: 0o755 });
  for (const [name, target] of Object.entries(shells)) {
    await write(name, `#!/bin/sh\nexec ${withPath(target)} "$@"\n`);
  }
  for (const name of ["cat", "dd", "wc", ...(head === "coreutils" ? ["head"] : [])]) {
    await write(name, `#!/bin/sh\nPATH=/usr/bin:/bin exec ${name} "$@"\n`);
  }
  if (head === "other") await write("head", "#!/bin/sh\nexit 1\n");
  if (sudo !== undefined) await write("sudo", sudo);
  return folder;
}

const freeSudo = '#!/bin/sh\n[ "$1" = -n ] || exit 9\nshift\nROOT=yes exec "$@"\n';

async function run(
  shell: string,
  path: string,
  script: string,
  stdin = "",
): Promise<RunResult> {
  const { command, stdin: bytes } = asRoot(script, stdin);
  const file = `${path}/script`;
  await Deno.writeTextFile(file, command);
  const [program = "", ...args] = withPath(shell).split(" ");
  const process = new Deno.Command(program, {
    args: [...args, file],
    clearEnv: true,
    env: { PATH: path },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  // A program that reads nothing ends before everything is written.
  const fed = input.write(bytes).then(() => input.close()).catch(() => {});
  const { code, stdout, stderr } = await process.output();
  await fed;
  return {
    exitCode: code,
    stdout,
    stderr,
    truncated: false,
    omitted: { stdout: nothingOmitted, stderr: nothingOmitted },
    timedOut: false,
    durationMs: 0,
  };
}

const boxes: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  "bash": ["bash", { bash: "bash", sh: "sh" }],
  "dash and no bash": ["dash", { sh: "dash" }],
  "busybox and no bash": ["busybox ash", { sh: "busybox ash" }],
};

Deno.test("asRoot() runs the script unchanged, with its own stdin", async (t) => {
  for (const [name, [shell, shells]] of Object.entries(boxes)) {
    for (const head of ["coreutils", "other"] as const) {
      await t.step({
        ...needing([shell.split(" ")[0] ?? shell], `${name}, head of ${head}`),
        fn: async () => {
          await using folder = await makePath(shells, freeSudo, head);
          const read = async (script: string, stdin?: string) => {
            const { exitCode, stdout, stderr } = await run(shell, folder.path, script, stdin);
            const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
            return [exitCode, decode(stdout), decode(stderr)] as const;
          };
          assertEquals(await read('echo "$ROOT"; exit 3'), [3, "yes\n", ""]);
          assertEquals(await read("cat", "to € the script\n\0\n\n"), [
            0,
            "to € the script\n\0\n\n",
            "",
          ]);
          assertEquals(await read("cat"), [0, "", ""]);
          const quotes =
            `#!/bin/sh\n# it's\ncat <<'EOF'\n$x "quoted" 'single' \\ !!\nEOF\necho $#\n`;
          assertEquals(await read(quotes), [0, `$x "quoted" 'single' \\ !!\n0\n`, ""]);
          const long = `echo ${"x".repeat(200_000)} | wc -c; cat`;
          const [code, counted] = await read(long, "after");
          assertEquals([code, counted.trim().replace(/\s+/g, " ")], [0, "200001 after"]);
        },
      });
    }
  }
});

Deno.test("asRoot() distinguishes missing sudo from a failed command", async (t) => {
  const cases: Readonly<Record<string, readonly [string | undefined, string, string?]>> = {
    "no sudo": [undefined, "true", "sudo: not installed"],
    "a password": [
      "#!/bin/sh\necho sudo: a password is required >&2\nexit 1\n",
      "true",
      "sudo: a password is required",
    ],
    "not allowed": [
      "#!/bin/sh\necho sudo: unable to resolve host x >&2\necho alice is not in the sudoers file. >&2\nexit 1\n",
      "true",
      "alice is not in the sudoers file.",
    ],
    "a command that fails": [freeSudo, "echo no >&2; exit 1"],
    "a command that is not there": [freeSudo, "nonsense-command"],
    "a command that prints and fails": [
      freeSudo,
      "echo done; echo sudo: a password is required >&2; exit 1",
    ],
  };
  for (const [name, [sudo, script, refusal]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using folder = await makePath({ sh: "sh" }, sudo, "coreutils");
      assertEquals(rootRefusal(await run("sh", folder.path, script)), refusal);
    });
  }
});

Deno.test("asRoot() keeps the script out of sudo's arguments, which it logs", () => {
  const { command, stdin } = asRoot("echo secret", "more");
  assertEquals(command.includes("secret"), false);
  assertStringIncludes(new TextDecoder().decode(stdin), "echo secretmore");
});

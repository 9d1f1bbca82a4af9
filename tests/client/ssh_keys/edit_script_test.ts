import { assert, assertEquals } from "@std/assert";
import {
  exits,
  readScript,
  replaceScript,
  type Version,
} from "../../../client/ssh_keys/edit_script.ts";
import { needing } from "../../needs.ts";
import { cksum } from "../../../client/terminal/cksum.ts";

const shells: readonly (readonly [string, ...string[]])[] = [["bash"], ["dash"], ["busybox", "sh"]];

/** A home of its own, in which scripts are run by one shell. */
class Home implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync();
  readonly file = `${this.folder}/.ssh/authorized_keys`;

  constructor(readonly shell: readonly [string, ...string[]]) {}

  async run(script: string, stdin = ""): Promise<{ readonly code: number; readonly out: string }> {
    const [program, ...args] = this.shell;
    const process = new Deno.Command(program, {
      args: [...args, "-c", script],
      env: { HOME: this.folder },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = process.stdin.getWriter();
    // A script that refuses does not read.
    await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
    await writer.close().catch(() => {});
    const { code, stdout } = await process.output();
    return { code, out: new TextDecoder().decode(stdout) };
  }

  async replace(before: Version, text: string, prelude = ""): Promise<number> {
    return (await this.run(prelude + replaceScript(before, versionOf(text)), text)).code;
  }

  /** What is in `.ssh`. */
  names(): readonly string[] {
    return [...Deno.readDirSync(`${this.folder}/.ssh`)].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

for (const shell of shells) {
  Deno.test({
    ...needing([shell[0]], `the scripts for authorized_keys run by ${shell.join(" ")}`),
    fn: async (t) => {
      await t.step("a file that is not there is made, then replaced", async () => {
        await using home = new Home(shell);
        assertEquals((await home.run(readScript)).code, exits.missing);
        assertEquals(await home.replace("none", "one\n"), 0);
        assertEquals(await home.run(readScript), { code: 0, out: "one\n" });
        assertEquals(await home.replace(versionOf("one\n"), "two"), 0);
        assertEquals(await home.run(readScript), { code: 0, out: "two" });
        assertEquals(home.names(), ["authorized_keys"]);
      });
      await t.step("its mode is kept, unless others may write it", async () => {
        await using home = new Home(shell);
        const modes = async () => {
          const [file, folder] = [
            await Deno.stat(home.file),
            await Deno.stat(`${home.folder}/.ssh`),
          ];
          return [(file.mode ?? 0) & 0o7777, (folder.mode ?? 0) & 0o7777];
        };
        await home.replace("none", "one\n");
        assertEquals(await modes(), [0o600, 0o700]);
        for (
          const [file, folder, keptFile, keptFolder] of [
            [0o644, 0o755, 0o644, 0o755],
            [0o400, 0o700, 0o400, 0o700],
            [0o666, 0o777, 0o644, 0o755],
          ] as const
        ) {
          await Deno.chmod(home.file, file);
          await Deno.chmod(`${home.folder}/.ssh`, folder);
          assertEquals(await home.replace(versionOf("one\n"), "one\n"), 0);
          assertEquals(await modes(), [keptFile, keptFolder]);
        }
      });
      await t.step("what an edit that was killed left is swept away", async () => {
        await using home = new Home(shell);
        await home.replace("none", "one\n");
        const left = `${home.folder}/.ssh/.authorized_keys.123.tmp`;
        await Deno.writeTextFile(left, "half", { mode: 0o600 });
        assertEquals(await home.replace(versionOf("one\n"), "two\n"), 0);
        assertEquals(home.names(), ["authorized_keys"]);
      });
      await t.step("one that has changed is left as it is", async () => {
        await using home = new Home(shell);
        assertEquals(await home.replace("none", "one\n"), 0);
        for (const before of ["none", versionOf("other\n")] as const) {
          assertEquals(await home.replace(before, "two\n"), exits.changed);
        }
        assertEquals(await Deno.readTextFile(home.file), "one\n");
        assertEquals(home.names(), ["authorized_keys"]);
      });
      await t.step("what does not arrive whole is not kept", async () => {
        await using home = new Home(shell);
        await home.replace("none", "one\n");
        const script = replaceScript(versionOf("one\n"), versionOf("two and more\n"));
        assertEquals((await home.run(script, "two")).code, exits.notWritten);
        // As on a full disk: not a byte can be written.
        const full = "ulimit -f 0; trap '' XFSZ; ";
        assertEquals(await home.replace(versionOf("one\n"), "two\n", full), exits.notWritten);
        assertEquals(await Deno.readTextFile(home.file), "one\n");
        assertEquals(home.names(), ["authorized_keys"]);
      });
      await t.step("links, folders and other people's files are left alone", async () => {
        await using home = new Home(shell);
        await home.replace("none", "one\n");
        await Deno.rename(home.file, `${home.folder}/elsewhere`);
        await Deno.symlink(`${home.folder}/elsewhere`, home.file);
        await assertRefused(home, exits.symlink);
        await Deno.remove(home.file);
        await Deno.symlink("/nonexistent", home.file);
        await assertRefused(home, exits.symlink);
        await Deno.remove(home.file);
        await Deno.mkdir(home.file);
        await assertRefused(home, exits.notOwn);
        await Deno.remove(`${home.folder}/.ssh`, { recursive: true });
        await Deno.writeTextFile(`${home.folder}/.ssh`, "");
        assertEquals((await home.run(readScript)).code, exits.notOwn);
        assertEquals(await home.replace("none", "two\n"), exits.noFolder);
        await Deno.remove(home.folder, { recursive: true });
        await assertRefused(home, exits.noHome);
        await Deno.mkdir(home.folder);
      });
    },
  });
}

async function assertRefused(home: Home, code: number): Promise<void> {
  assertEquals((await home.run(readScript)).code, code);
  for (const before of ["none", versionOf("one\n")] as const) {
    assertEquals(await home.replace(before, "two\n"), code);
  }
}

Deno.test({
  name: Deno.uid() === 0
    ? "another user's file is left alone"
    : "another user's file is left alone (not run: only root can make one)",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await using home = new Home(["sh"]);
    await home.replace("none", "one\n");
    await Deno.chown(home.file, 65_534, 65_534);
    await assertRefused(home, exits.notOwn);
    assert((await Deno.readTextFile(home.file)) === "one\n");
  },
});

function versionOf(text: string): Version {
  const bytes = new TextEncoder().encode(text);
  return `${cksum(bytes)} ${bytes.length}`;
}

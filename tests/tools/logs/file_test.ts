import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileReader, openAndRead } from "../../../tools/logs/sources/file.ts";
import { logFilesReader } from "../../../tools/logs/sources/log_files.ts";
import type { LogQuery } from "../../../tools/logs/log_query.ts";
import { makeTempFolder, type TempFolder } from "../../temp.ts";
import { inEachShell, readIn, runIn } from "./shells.ts";

const all: LogQuery = { lines: 100, isLive: false };

/** One of the machine's own log files; `undefined` if it has none. */
const machineLog = firstReadable("/var/log");
const isRoot = Deno.uid() === 0;

function firstReadable(folder: string): string | undefined {
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isFile && /^[\w.]+log$/.test(name) && isReadable(path)) return path;
  }
  return undefined;
}

function isReadable(path: string): boolean {
  try {
    return Deno.readTextFileSync(path).length > 0;
  } catch {
    return false;
  }
}

/** A folder with the user's own log, and what could replace it. */
async function makeFolder(): Promise<TempFolder> {
  const folder = await makeTempFolder();
  const { path } = folder;
  await folder.write("app.log", "one\ntwo\nThree\n");
  await Deno.mkdir(`${path}/folder`);
  await Deno.symlink(`${path}/app.log`, `${path}/link.log`);
  return folder;
}

Deno.test("fileReader() reads the end of the user's own file, by its real path", async (t) => {
  await using folder = await makeFolder();
  await inEachShell(t, async (shell) => {
    for (const name of ["app.log", "link.log", "folder/../app.log"]) {
      const reader = fileReader({ ...all, lines: 2 }, `${folder.path}/${name}`);
      assertEquals(await readIn(shell, reader), [0, "two", "Three"]);
      assertEquals(reader.realPath, `${folder.path}/app.log`);
    }
  });
});

Deno.test("fileReader() unpacks what gzip packed, and refuses by name what it cannot", async (t) => {
  await using folder = await makeFolder();
  const pack = new Response("one\ntwo\nThree\n").body?.pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(`${folder.path}/app.log.1.gz`, pack ?? new Uint8Array());
  await Deno.writeTextFile(`${folder.path}/app.log.2.xz`, "packed");
  await inEachShell(t, async (shell) => {
    const read = (name: string, query: Partial<LogQuery> = {}) =>
      readIn(shell, fileReader({ ...all, lines: 2, ...query }, `${folder.path}/${name}`));
    assertEquals(await read("app.log.1.gz"), [0, "two", "Three"]);
    assertEquals(await read("app.log.1.gz", { grep: "t" }), [0, "two", "Three"]);
    assertEquals(await read("app.log.1.gz", { grep: "^o" }), [0, "one"]);
    assertEquals(await read("app.log.1.gz", { isLive: true }), [75]);
    assertEquals(await read("app.log.2.xz"), [74]);
  });
});

Deno.test("fileReader() searches the whole file", async (t) => {
  await using folder = await makeFolder();
  await inEachShell(t, async (shell) => {
    const found = (grep: string) =>
      readIn(shell, fileReader({ ...all, lines: 1, grep }, `${folder.path}/app.log`));
    assertEquals(await found("one|two"), [0, "two"]);
    assertEquals(await found("^t"), [0, "Three"]);
    assertEquals(await found("^T"), [0, "Three"]);
    assertEquals(await found("TWO"), [0]);
    assertEquals(await found("'$(id)-"), [0]);
    assertEquals(await found("--help"), [0]);
    assertEquals(await found("(a"), [65]);
  });
});

Deno.test("fileReader() refuses what does not exist or is not a file", async (t) => {
  await using folder = await makeFolder();
  await inEachShell(t, async (shell) => {
    for (const [name, code] of [["folder", 66], ["none.log", 69], ["app.log/x", 69]] as const) {
      const { script } = fileReader(all, `${folder.path}/${name}`);
      const result = await runIn(shell, script);
      assertEquals([result.code, result.stdout], [code, ""], name);
    }
    for (const path of ["/dev/zero", "/dev/tty", "/var/log", "/var/log/../../dev/null"]) {
      assertEquals((await runIn(shell, fileReader(all, path).script)).code, 66, path);
    }
  });
});

Deno.test({
  name: "fileReader() refuses another user's file outside /var/log" +
    (isRoot ? "" : " (not run: needs root, to give a file away)"),
  ignore: !isRoot,
  fn: async (t) => {
    await using folder = await makeFolder();
    await Deno.chown(`${folder.path}/app.log`, 65_534, 65_534);
    await inEachShell(t, async (shell) => {
      for (const name of ["app.log", "link.log"]) {
        const { script } = fileReader(all, `${folder.path}/${name}`);
        const { code, stdout } = await runIn(shell, script);
        assertEquals([code, stdout], [68, ""], name);
      }
    });
  },
});

Deno.test({
  name: "openAndRead() reads a file under /var/log with either rights" +
    (machineLog === undefined ? " (not run: nothing there can be read)" : ""),
  ignore: machineLog === undefined,
  fn: async (t) => {
    const path = machineLog ?? "";
    await using folder = await makeFolder();
    await Deno.symlink(path, `${folder.path}/to_the_log`);
    await inEachShell(t, async (shell) => {
      for (const rights of ["user", "root"]) {
        for (const name of [path, `${folder.path}/to_the_log`]) {
          const script = openAndRead({ ...all, lines: 1 });
          const { code, stdout, stderr } = await runIn(shell, script, "sh", name, rights);
          assertEquals(code, 0, stderr);
          assertStringIncludes(stdout, `${await Deno.realPath(path)}\n`);
        }
      }
    });
  },
});

Deno.test("openAndRead() as root opens nothing that is not really under /var/log", async (t) => {
  await using folder = await makeFolder();
  await inEachShell(t, async (shell) => {
    for (
      const path of [
        `${folder.path}/app.log`,
        `/var/log/../..${folder.path}/app.log`,
        `${folder.path}/link.log`,
        "/etc/passwd",
        "/var/log/../../etc/passwd",
      ]
    ) {
      const { code, stdout } = await runIn(shell, openAndRead(all), "sh", path, "root");
      assertEquals([code, stdout], [68, ""], path);
    }
  });
});

Deno.test("openAndRead() checks what it opened, not what was there before", async (t) => {
  await using folder = await makeFolder();
  const target = isRoot ? `${folder.path}/foreign` : "/etc/passwd";
  if (isRoot) {
    await Deno.writeTextFile(target, "secret\n");
    await Deno.chown(target, 65_534, 65_534);
  }
  // The file is replaced as soon as its path was checked.
  const swap = 'readlink() { command readlink "$@";' +
    `[ "$1" != -f ]||ln -sf ${target} "$3"; }\n`;
  await inEachShell(t, async (shell) => {
    const path = `${folder.path}/swapped.log`;
    await Deno.writeTextFile(path, "mine\n");
    const before = await runIn(shell, openAndRead(all), "sh", path, "user");
    assertEquals(before.stdout, `${path}\nmine\n`);
    const { code, stdout } = await runIn(shell, swap + openAndRead(all), "sh", path, "user");
    assertEquals([code, stdout], [68, ""]);
    assertEquals(await Deno.readLink(path), target);
    await Deno.remove(path);
  });
});

Deno.test("logFilesReader() reads the ends of the log files that exist", async (t) => {
  await using folder = await makeFolder();
  await Deno.writeTextFile(`${folder.path}/syslog`, "s1\ns2 x\ns3 x\ns4\n");
  await Deno.writeTextFile(`${folder.path}/auth.log`, "a1 \\n x\n a2 no end");
  await inEachShell(t, async (shell) => {
    const read = (query: Partial<LogQuery>) =>
      readIn(shell, logFilesReader({ ...all, ...query }, folder.path));
    assertEquals(await read({ lines: 2 }), [0, "s3 x", "s4", "a1 \\n x", " a2 no end"]);
    assertEquals(await read({ lines: 1, grep: "x$" }), [0, "s3 x", "a1 \\n x"]);
    assertEquals(logFilesReader(all).parse("auth.log a1 \\n x"), {
      identifier: "auth.log",
      message: "a1 \\n x",
    });
    assertEquals(
      (await runIn(shell, logFilesReader(all, `${folder.path}/folder`).script)).code,
      70,
    );
  });
});

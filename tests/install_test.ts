/** What `install.sh` installs, and that it installs nothing else. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import cert from "./client/tls/any_loopback.pem" with { type: "text" };
import key from "./client/tls/daemon.key" with { type: "text" };
import { needing } from "./needs.ts";
import { makeTempFolder, type TempFolder } from "./temp.ts";

const script = new URL("../install.sh", import.meta.url).pathname;

/** A program that says its version, as the binary of a release. */
const binary = new TextEncoder().encode(`#!/bin/sh\necho 1.2.3\n${"#".repeat(100_000)}\n`);

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** How a release differs from a good one. */
interface Fault {
  /** The checksum that it states. */
  readonly sum?: string;
  /** Number of bytes of the binary after which the connection ends. */
  readonly cutAt?: number;
}

/** Serves a release with binaries for every system, at any version. */
async function serveRelease(
  { sum, cutAt }: Fault = {},
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const systems = ["linux-x86_64", "linux-aarch64", "macos-x86_64", "macos-aarch64"];
  const stated = sum ?? await sha256(binary);
  const sums = systems.map((system) => `${stated}  mcp-server-${system}\n`).join("");
  const cut = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(binary.subarray(0, cutAt));
        setTimeout(() => controller.error(new Error("cut off")), 50);
      },
    });
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: refuse },
    (request) => {
      const path = new URL(request.url).pathname;
      if (!/^\/(latest|v1\.2\.3)\//.test(path)) return new Response("", { status: 404 });
      if (path.endsWith("/SHA256SUMS")) return new Response(sums);
      return new Response(cutAt === undefined ? binary : cut());
    },
  );
}

function refuse(): Response {
  return new Response("", { status: 500 });
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script on a machine that calls itself so. */
async function install(
  folder: TempFolder,
  server: Deno.HttpServer<Deno.NetAddr>,
  args: readonly string[] = [],
  [os, cpu]: readonly [string, string] = ["Linux", "x86_64"],
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  await Deno.mkdir(`${folder.path}/path`, { recursive: true });
  const uname = `#!/bin/sh\ncase "$1" in -s) echo ${os} ;; -m) echo ${cpu} ;; esac\n`;
  await folder.write("path/uname", uname, { mode: 0o755 });
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [script, ...args],
    clearEnv: true,
    env: {
      PATH: `${folder.path}/path:${Deno.env.get("PATH")}`,
      HOME: folder.path,
      PREFIX: `${folder.path}/prefix`,
      DOWNLOADS: `http://127.0.0.1:${server.addr.port}`,
      ...more,
    },
    stdin: "null",
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out, stderr: err };
}

/** What is where programs are installed. */
async function installed({ path }: TempFolder): Promise<readonly string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(`${path}/prefix/bin`), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const onPosix = Deno.build.os === "windows" ? ["a POSIX shell"] : ["curl", "mktemp", "awk"];

Deno.test(
  needing(onPosix, "install.sh installs the latest release, or the one it is given"),
  async (t) => {
    for (const args of [[], ["1.2.3"], ["v1.2.3"]]) {
      await t.step(args.join() || "latest", async () => {
        await using folder = await makeTempFolder();
        await using server = await serveRelease();
        const { code, stdout, stderr } = await install(folder, server, args);
        assertEquals([code, stderr], [0, ""]);
        const program = `${folder.path}/prefix/bin/mcp-server`;
        assertStringIncludes(stdout, `Installed ${program}\n`);
        assertStringIncludes(stdout, "is not on your PATH");
        assertEquals(await installed(folder), ["mcp-server"]);
        assertEquals(((await Deno.stat(program)).mode ?? 0) & 0o777, 0o755);
        assertEquals(await Deno.readFile(program), binary);
      });
    }
  },
);

Deno.test(needing(onPosix, "install.sh knows the system it is for"), async (t) => {
  for (const system of [["Darwin", "arm64"], ["Darwin", "x86_64"], ["Linux", "aarch64"]] as const) {
    await t.step(system.join(" "), async () => {
      await using folder = await makeTempFolder();
      await using server = await serveRelease();
      const { code, stderr } = await install(folder, server, [], system);
      assertEquals([code, stderr], [0, ""]);
    });
  }
});

Deno.test(needing(onPosix, "install.sh installs nothing that it cannot vouch for"), async (t) => {
  const cases: Readonly<
    Record<string, readonly [Fault, readonly string[], readonly [string, string], string]>
  > = {
    "a wrong checksum": [
      { sum: "0".repeat(64) },
      [],
      ["Linux", "x86_64"],
      "the checksum of mcp-server-linux-x86_64 is wrong: nothing was installed",
    ],
    "a download that is cut off": [{ cutAt: 1000 }, [], ["Linux", "x86_64"], "could not download"],
    "a release that is not there": [{}, ["9.9.9"], ["Linux", "x86_64"], "could not download"],
    "a system without a binary": [{}, [], ["FreeBSD", "amd64"], "no binary for FreeBSD"],
    "a processor without a binary": [{}, [], ["Linux", "riscv64"], "no binary for riscv64"],
    "what is no version": [{}, ["1.2.3/../.."], ["Linux", "x86_64"], "is not a version"],
  };
  for (const [name, [fault, args, system, expected]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using folder = await makeTempFolder();
      await Deno.mkdir(`${folder.path}/prefix/bin`, { recursive: true });
      await folder.write("prefix/bin/mcp-server", "the one before");
      await using server = await serveRelease(fault);
      const { code, stdout, stderr } = await install(folder, server, args, system);
      assert(code !== 0);
      assertEquals(stdout, "");
      assertStringIncludes(stderr, expected);
      assertEquals(await installed(folder), ["mcp-server"]);
      const kept = await Deno.readTextFile(`${folder.path}/prefix/bin/mcp-server`);
      assertEquals(kept, "the one before");
    });
  }
});

Deno.test(needing(onPosix, "install.sh is not led from https to http"), async () => {
  await using folder = await makeTempFolder();
  await using plain = await serveRelease();
  const elsewhere = ({ url }: Request) =>
    Response.redirect(`http://127.0.0.1:${plain.addr.port}${new URL(url).pathname}`);
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, key, cert };
  await using server = Deno.serve(options, elsewhere);
  const { code, stderr } = await install(folder, plain, [], ["Linux", "x86_64"], {
    DOWNLOADS: `https://127.0.0.1:${server.addr.port}`,
    CURL_CA_BUNDLE: await folder.write("ca.pem", cert),
  });
  assert(code !== 0);
  assertStringIncludes(stderr, "http");
  assertStringIncludes(stderr, "could not download");
  assertEquals(await installed(folder), []);
});

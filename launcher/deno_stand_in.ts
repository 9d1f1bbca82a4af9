/**
 * What of `Deno` reads a configuration, by Node's own means: `cli/` is the one place that knows what a
 * configuration needs, so the launcher, which runs in Node, runs the same code. esbuild puts this in place
 * of the global.
 *
 * @module
 */
import { open } from "node:fs/promises";
import process from "node:process";

/** There is no such file. */
class NotFound extends Error {}

/** Never thrown: Node grants everything. */
class NotCapable extends Error {}

/** A file that is open for reading, as far as it is used. */
interface ReadableFile extends Disposable {
  /** Reads into a buffer; returns the number of bytes, or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

const tried = new Set<string>();

/** Returns each file that was to be read, readable or not. */
export function filesTried(): readonly string[] {
  return [...tried];
}

const granted = Promise.resolve({ state: "granted" });

async function openFile(path: string): Promise<ReadableFile> {
  tried.add(path);
  try {
    const handle = await open(path);
    return {
      read: async (buffer) => {
        const { bytesRead } = await handle.read(buffer);
        return bytesRead === 0 ? null : bytesRead;
      },
      [Symbol.dispose]: () => {
        handle.close().catch(() => {});
      },
    };
  } catch (error) {
    const isMissing = error instanceof Error && Reflect.get(error, "code") === "ENOENT";
    throw isMissing ? new NotFound(error.message, { cause: error }) : error;
  }
}

const standIn = {
  build: { os: process.platform === "win32" ? "windows" : process.platform, standalone: false },
  errors: { NotFound, NotCapable },
  permissions: { query: () => granted },
  open: openFile,
  // An authority that cannot be used is the server's to report.
  createHttpClient: () => ({ close: () => {} }),
};

export { standIn as Deno };

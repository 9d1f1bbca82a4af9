// @ts-types="@types/ws"
import type * as Ws from "ws";

let loading: Promise<typeof Ws> | undefined;

/**
 * Loads the package `ws`, when it is first needed. It asks two variables of its own whether to look for
 * native helpers, which this process may not read and does not have, so it gets an environment that
 * says no.
 */
export function loadWs(): Promise<typeof Ws> {
  return loading ??= load();
}

async function load(): Promise<typeof Ws> {
  // Imported on first use, as all of Node's: that is what takes time at the start.
  const { default: process } = await import("node:process");
  const { env } = process;
  process.env = { WS_NO_BUFFER_UTIL: "1", WS_NO_UTF_8_VALIDATE: "1" };
  try {
    // @ts-types="@types/ws"
    return await import("ws");
  } finally {
    process.env = env;
  }
}

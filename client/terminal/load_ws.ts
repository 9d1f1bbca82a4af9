// @ts-types="@types/ws"
import type * as Ws from "ws";

let loading: Promise<typeof Ws> | undefined;

/**
 * Loads the package `ws` on first use. It reads two variables to decide whether to load native helpers;
 * this process may not read them and has no helpers, so it gets an environment that disables both.
 */
export function loadWs(): Promise<typeof Ws> {
  return loading ??= load();
}

async function load(): Promise<typeof Ws> {
  // Imported on first use, like all of Node's modules: they would slow down the start.
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

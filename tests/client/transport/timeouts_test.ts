import { assert, assertEquals } from "@std/assert";
import { RequestTimeouts } from "../../../client/transport/timeouts.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

Deno.test("request() leaves no listeners on a caller's long-lived signal", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  using client = await clientOf(daemon);
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  let most = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type: string, listener: EventListener) => {
    listeners.add(listener);
    most = Math.max(most, listeners.size);
    addEventListener.call(signal, type, listener);
  };
  signal.removeEventListener = (type: string, listener: EventListener) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener);
  };
  for (let i = 0; i < 50; i++) await client.containers.list({ signal });
  assertEquals(listeners.size, 0);
  assert(most > 0 && most < 5, `${most} at one time`);
});

/** Resolves with a signal's reason. */
function reasonOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

Deno.test("RequestTimeouts ends an exchange without headers, and one without an end", async () => {
  const caller = new AbortController().signal;
  for (
    const [headersMs, totalMs, hasHeaders] of [[1, 60_000, false], [1, 2, true], [
      9,
      1,
      true,
    ]] as const
  ) {
    using clock = new RequestTimeouts(headersMs, totalMs, caller);
    const reason = reasonOf(clock.signal);
    if (hasHeaders) clock.headersArrived();
    const error = await reason;
    assert(error instanceof DOMException && error.name === "TimeoutError");
  }
});

Deno.test("RequestTimeouts gives an exchange with headers the rest of its time", async () => {
  using clock = new RequestTimeouts(1, 60_000, new AbortController().signal);
  clock.headersArrived();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assertEquals(clock.signal.aborted, false);
});

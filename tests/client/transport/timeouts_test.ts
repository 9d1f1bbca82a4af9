import { assert, assertEquals } from "@std/assert";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

Deno.test("a caller's signal that lives long keeps nothing of the requests made under it", async () => {
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

import { assert, assertEquals } from "@std/assert";
import { readTraceContext, withTrace } from "../../../client/internal.ts";
import { traceHeaders, traceId, withoutTrace } from "../../../client/transport/trace_context.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";
import { testWithPty } from "../../with_pty.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

Deno.test("readTraceContext() takes what the W3C's formats allow, and leaves out the rest", async (t) => {
  const parents: Readonly<Record<string, boolean>> = {
    [traceparent]: true,
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00": true,
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01": false,
    "00-00000000000000000000000000000000-b7ad6b7169203331-01": false,
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01": false,
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01": false,
    [`${traceparent}-more`]: false,
    [`${traceparent}\r\nx: y`]: false,
    [`${traceparent}\n`]: false,
    "": false,
  };
  for (const [text, isValid] of Object.entries(parents)) {
    await t.step(`traceparent ${JSON.stringify(text)}`, () => {
      const read = readTraceContext({ traceparent: text, tracestate: "a=b" });
      assertEquals(read?.traceparent, isValid ? text : undefined);
    });
  }
  const states: Readonly<Record<string, string | undefined>> = {
    "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE": "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
    "tenant@system=1": "tenant@system=1",
    "a=b,,c=d": "a=b,c=d",
    "a=b c": "a=b c",
    "A=b": undefined,
    "a=": undefined,
    "a=b\r\nx: y": undefined,
    "a=é": undefined,
    [`a=${"b".repeat(300)}`]: undefined,
    [Array.from({ length: 33 }, (_, i) => `k${i}=1`).join()]: undefined,
    ",": undefined,
  };
  for (const [text, expected] of Object.entries(states)) {
    await t.step(`tracestate ${JSON.stringify(text.slice(0, 60))}`, () => {
      assertEquals(readTraceContext({ traceparent, tracestate: text })?.tracestate, expected);
    });
  }
  const baggages: Readonly<Record<string, string | undefined>> = {
    "userId=alice , region=eu;ttl=60;x": "userId=alice,region=eu;ttl=60;x",
    "name=%C3%A9": "name=%C3%A9",
    "name=é": undefined,
    "name=a b": undefined,
    "name": undefined,
    "name=a\r\nx: y": undefined,
    [`a=${"b".repeat(8190)}`]: `a=${"b".repeat(8190)}`,
    [`a=${"b".repeat(8191)}`]: undefined,
    [Array.from({ length: 65 }, (_, i) => `k${i}=1`).join()]: undefined,
    [`a=${";".repeat(8000)}`]: undefined,
    "a= ;b = ; c;d =\t1": "a= ;b = ; c;d =\t1",
    // Matched in more than one way, each of these would take for ever.
    [`a=b${";p=  ".repeat(1_600)};@`]: undefined,
    [`a=b${";p  ".repeat(1_600)};@`]: undefined,
    [`a=b${" ".repeat(8_000)}@`]: undefined,
  };
  for (const [text, expected] of Object.entries(baggages)) {
    await t.step(`baggage ${JSON.stringify(text.slice(0, 60))}`, () => {
      assertEquals(readTraceContext({ traceparent, baggage: text })?.baggage, expected);
    });
  }
  await t.step("what is no text", () => {
    assertEquals(readTraceContext({ traceparent: 7 }), undefined);
    assertEquals(readTraceContext({}), undefined);
    const read = readTraceContext({ traceparent, tracestate: {}, baggage: ["a=b"] });
    assertEquals([read?.tracestate, read?.baggage], [undefined, undefined]);
  });
});

Deno.test("withTrace() adds headers and a trace id to its own requests only, retries included", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }] });
  const lines: string[] = [];
  using client = await clientOf(daemon, { log: (_level, line) => lines.push(line) });
  daemon.dropNext("GET", "before-read");
  const trace = { traceparent, tracestate: "a=b", baggage: "c=d" };
  await Promise.all([
    withTrace(trace, () => client.containers.get("alice")),
    client.containers.list(),
  ]);
  const headers = daemon.requests.map(({ path, headers }) =>
    [
      path === "/v1/containers/alice",
      headers.traceparent,
      headers.tracestate,
      headers.baggage,
    ] as const
  );
  assert(headers.some(([isHere]) => isHere) && headers.some(([isHere]) => !isHere));
  for (const [isHere, ...values] of headers) {
    assertEquals(values, isHere ? [traceparent, "a=b", "c=d"] : [undefined, undefined, undefined]);
  }
  const withId = lines.filter((line) => line.endsWith("(trace 0af7651916cd43dd8448eb211c80319c)"));
  assert(withId.length >= 1 && withId.every((line) => line.includes("/alice")), lines.join("\n"));
  assert(lines.length > withId.length);
});

testWithPty("withTrace() passes the trace on with the terminal that a command opens", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
  using client = await clientOf(daemon);
  await withTrace({ traceparent }, () => client.terminal("alice").run("true"));
  const upgrade = daemon.requests.find(({ path }) => path.includes("/terminal"));
  assertEquals(upgrade?.headers.traceparent, traceparent);
  await client.closeTerminals();
});

Deno.test("withoutTrace() takes a call out of the trace that started it", async () => {
  assertEquals(withoutTrace(() => traceHeaders()), {});
  await withTrace({ traceparent }, () => {
    assertEquals(withoutTrace(() => traceHeaders()), {});
    assertEquals(withoutTrace(() => traceId()), undefined);
    assertEquals(traceHeaders(), { traceparent });
    return Promise.resolve();
  });
});

testWithPty("withTrace() leaves its caller without the trace, however the call ends", async () => {
  await using daemon = await startDaemon({ containers: [{ username: "alice" }], shell: {} });
  using client = await clientOf(daemon);
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "at once": () => Promise.resolve(),
    "with an error thrown at once": () => {
      throw new TypeError("at once");
    },
    "with a rejection": () => Promise.reject(new TypeError("later")),
    "after a timer": () => new Promise((resolve) => setTimeout(resolve)),
    "after a request": () => client.containers.get("alice"),
    "after a failed request": () => client.containers.get("nobody"),
    "after a command": () => client.terminal("alice").run("true"),
    "after a part outside the trace": () => withoutTrace(() => client.containers.list()),
  };
  // What the runtime itself calls, such as a test, may begin in a trace that is over.
  await withoutTrace(async () => {
    for (const [name, call] of Object.entries(calls)) {
      const within: unknown[] = [];
      await withTrace({ traceparent }, async () => {
        await call().finally(() => within.push(traceId()));
      }).catch(() => {});
      assertEquals([traceId(), traceHeaders()], [undefined, {}], name);
      if (name !== "with an error thrown at once") {
        assertEquals(within, ["0af7651916cd43dd8448eb211c80319c"], name);
      }
      await client.containers.get("alice");
      assertEquals(daemon.requests.at(-1)?.headers.traceparent, undefined, name);
    }
    await client.closeTerminals();
  });
});

Deno.test("withTrace() gives no trace to what waits for the call, or was waiting before it", async () => {
  await withoutTrace(async () => {
    const woken = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    const waiting = woken.promise.then(() => seen.push(traceId()));
    const call = withTrace({ traceparent }, async () => {
      woken.resolve();
      await ended.promise;
      seen.push(traceId());
    });
    await waiting;
    ended.resolve();
    await call;
    seen.push(traceId());
    assertEquals(seen, [undefined, "0af7651916cd43dd8448eb211c80319c", undefined]);
  });
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readContainerEvent } from "../../../client/events/container_event.ts";
import { EventReader, EventTooLong } from "../../../client/events/event_reader.ts";

const recorded = `event: connected
data: {"subscriptionId":"e4e4a691-1eef-4775-a456-02d415b3f746"}

event: container_stopped
data: {"containerEvent":{"container":{"name":"ivy-container","username":"ivy","state":"CONTAINER_STATE_STOPPED","ipAddress":"","cpu":"1","memory":"256MB","disk":"2GB","image":"Debian bookworm minimal","podmanEnabled":true},"previousState":"CONTAINER_STATE_RUNNING"},"id":"674c4fa7-7d5d-48c3-b621-7e041498d3a9","resourceId":"ivy-container","resourceType":"RESOURCE_TYPE_CONTAINER","timestamp":"2026-11-21T03:36:57.058Z","type":"EVENT_TYPE_CONTAINER_STOPPED"}

: heartbeat

event: container_deleted
data: {"id":"3fe8aa81-41e6-4409-8994-a770437b4afb","resourceId":"ivy-container","resourceType":"RESOURCE_TYPE_CONTAINER","timestamp":"2026-11-21T03:36:59.278Z","type":"EVENT_TYPE_CONTAINER_DELETED"}

`;

const expected = [
  { kind: "stopped", username: "ivy", at: new Date("2026-11-21T03:36:57.058Z") },
  { kind: "deleted", username: "ivy", at: new Date("2026-11-21T03:36:59.278Z") },
];

function read(text: string, size: number): readonly unknown[] {
  const reader = new EventReader(10_000);
  const bytes = new TextEncoder().encode(text);
  const events = [];
  for (let at = 0; at < bytes.length; at += size) {
    events.push(...reader.push(bytes.subarray(at, at + size)));
  }
  return events.map(readContainerEvent).filter((event) => event !== undefined);
}

Deno.test("EventReader reads a recorded stream, cut anywhere, with any line ends", () => {
  for (const lineEnd of ["\n", "\r\n"]) {
    const text = recorded.replaceAll("\n", lineEnd);
    for (const size of [1, 2, 7, 100, 100_000]) {
      assertEquals(read(text, size), expected, `${JSON.stringify(lineEnd)} by ${size}`);
    }
  }
});

Deno.test("EventReader joins lines of data, and knows fields without a value", () => {
  const reader = new EventReader(100);
  const bytes = new TextEncoder().encode(
    "data: a\ndata\ndata:b\nid: 1\nretry: 5\n\n\nevent: x\n\n",
  );
  assertEquals(reader.push(bytes), [{ name: "message", data: "a\n\nb" }]);
});

Deno.test("EventReader gives up on a line or an event that is too long", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  assertThrows(() => new EventReader(100).push(encode("x".repeat(101))), EventTooLong);
  assertThrows(
    () => new EventReader(100).push(encode(`data: ${"x".repeat(101)}\n\n`)),
    EventTooLong,
  );
  assertThrows(() => new EventReader(100).push(encode("data: 1234567\n".repeat(20))), EventTooLong);
  const reader = new EventReader(100);
  for (let n = 0; n < 100; n++) reader.push(encode(`data: ${"x".repeat(50)}\n\n`));
});

Deno.test("readContainerEvent() ignores what it does not know, and what cannot be", () => {
  for (
    const [name, data] of [
      ["container_moved", '{"resourceId":"a-container"}'],
      ["constructor", "{}"],
      ["container_started", "no JSON"],
      ["container_started", "[]"],
      ["container_started", "null"],
      ["container_started", '{"containerEvent":7}'],
      ["container_started", '{"resourceId":"../x-container"}'],
      ["container_started", '{"resourceId":7}'],
    ] as const
  ) assertEquals(readContainerEvent({ name, data }), undefined, `${name} ${data}`);
});

Deno.test("EventReader reads the same events from any bytes however they are cut, or gives up", () => {
  const piece = fc.oneof(
    fc.constantFrom("data", "event", ":", ": ", "\n", "\r", "\r\n", "\n\n", "é", "\ufeff", "id: 1"),
    fc.string(),
  );
  const bytes = fc.oneof(
    fc.array(piece).map((all) => new TextEncoder().encode(all.join(""))),
    fc.uint8Array({ maxLength: 200 }),
  );
  const readBy = (bytes: Uint8Array, sizes: readonly number[]): unknown => {
    const reader = new EventReader(1_000);
    const events = [];
    try {
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = (sizes[n % sizes.length] ?? 0) + 1;
        events.push(...reader.push(bytes.subarray(at, at + size)));
        at += size;
      }
    } catch (error) {
      assert(error instanceof EventTooLong, String(error));
      return "too long";
    }
    // What cannot be read is ignored.
    for (const event of events) readContainerEvent(event);
    return events;
  };
  const sizes = fc.array(fc.nat(20), { minLength: 1 });
  fc.assert(fc.property(bytes, sizes, sizes, (bytes, some, others) => {
    const end = new TextEncoder().encode("\n\n.");
    const ended = Uint8Array.from([...bytes, ...end]);
    assertEquals(readBy(ended, some), readBy(ended, others));
  }));
});

/** The simulator against the recordings of a real daemon. @module */

import { assertEquals } from "@std/assert";
import { type Answer, differences } from "./compare.ts";
import { longTailScenarios } from "./longtail_scenarios.ts";
import { longTail, type Recording, wire } from "./recordings.ts";
import { runScenario } from "./replay.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const sets: readonly (readonly [string, Recording, readonly Scenario[]])[] = [
  ["wire", wire, scenarios],
  ["long tail", longTail, longTailScenarios],
];

for (const [set, recording, played] of sets) {
  const replayed = played.flatMap(({ steps }) => steps.flatMap(({ names }) => names));
  const recorded = new Set(recording.exchanges.map(({ name }) => name));

  for (const { title, cast, steps } of played) {
    Deno.test(`The simulator answers as recorded: ${title}`, async () => {
      assertEquals(await runScenario(cast, steps, recording), []);
    });
  }

  Deno.test(`Every recorded exchange is replayed or listed as not replayed (${set})`, () => {
    const known = new Set([...replayed, ...recording.listed]);
    assertEquals([...recorded].filter((name) => !known.has(name)), []);
  });

  Deno.test(`No exchange that is listed as not replayed is replayed (${set})`, () => {
    assertEquals(recording.listed.filter((name) => replayed.includes(name)), []);
  });

  Deno.test(`Every exchange listed as not replayed was recorded, and is listed once (${set})`, () => {
    assertEquals(recording.listed.filter((name) => !recorded.has(name)), []);
    assertEquals(recording.listed.length, new Set(recording.listed).size);
  });

  Deno.test(`No exchange is replayed twice (${set})`, () => {
    assertEquals(replayed.filter((name, index) => replayed.indexOf(name) !== index), []);
  });
}

const running = wire.exchange("create-get-running").response;
const missing = wire.exchange("get-missing").response;

function changed(answer: Answer, from: string, to: string): Answer {
  assertEquals(answer.body.includes(from), true, `The recording holds no ${from}`);
  return { ...answer, body: answer.body.replace(from, to) };
}

Deno.test("The comparison accepts a recording as itself", () => {
  for (const { response } of [...wire.exchanges, ...longTail.exchanges]) {
    assertEquals(differences(response, response), []);
  }
});

Deno.test("The comparison accepts other addresses, times and image descriptions", () => {
  const other = changed(changed(running, "10.77.0.196", "10.1.2.3"), "1795227653", "1800000000");
  assertEquals(differences(running, changed(other, "Debian bookworm minimal", "Ubuntu")), []);
});

Deno.test("The comparison notices another status", () => {
  assertEquals(differences(missing, { ...missing, status: 404 }), [
    "status: recorded 500, got 404",
  ]);
});

Deno.test("The comparison notices another content type", () => {
  assertEquals(differences(missing, { ...missing, contentType: "text/plain" }), [
    "content type: recorded application/json, got text/plain",
  ]);
});

Deno.test("The comparison notices a header of another layer", () => {
  assertEquals(differences(missing, { ...missing, headers: {} }), [
    "header vary: only in one of them",
  ]);
});

Deno.test("The comparison notices a key that is missing and one that is new", () => {
  assertEquals(differences(running, changed(running, '"stack":"",', '"stock":"",')), [
    "body.container.stack: missing",
    "body.container.stock: not recorded",
  ]);
});

Deno.test("The comparison notices another type", () => {
  assertEquals(
    differences(running, changed(running, '"createdAt":"1795227653"', '"createdAt":1795227653')),
    ['body.container.createdAt: recorded "1795227653", got 1795227653'],
  );
  assertEquals(differences(running, changed(running, '"metrics":null', '"metrics":{}')), [
    "body.metrics: recorded null, got {}",
  ]);
});

Deno.test("The comparison notices another value", () => {
  assertEquals(differences(running, changed(running, "STATE_RUNNING", "STATE_STOPPED")), [
    'body.container.state: recorded "CONTAINER_STATE_RUNNING", got "CONTAINER_STATE_STOPPED"',
  ]);
});

Deno.test("The comparison notices another number of items", () => {
  const list = wire.exchange("list-empty").response;
  assertEquals(differences(list, changed(list, "[]", "[{}]")), [
    "body.containers: recorded 0 items, got 1",
  ]);
});

Deno.test("The comparison notices another error text and a missing newline", () => {
  const [text] = differences(missing, changed(missing, "Instance not found", "instance not found"));
  assertEquals(text?.startsWith("body.error: recorded"), true);
  assertEquals(differences(missing, { ...missing, body: missing.body.trimEnd() }), [
    "body: a newline at the end of only one of them",
  ]);
});

Deno.test("The comparison notices another plain text", () => {
  const plain = wire.exchange("term-plain").response;
  assertEquals(differences(plain, { ...plain, body: "Bad request\n" }).length, 1);
});

/** What a model reads of a failure: what happened, why, and what to do next. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ContainariumError, type ErrorCode } from "../../client/mod.ts";
import { explain } from "../../tools/explain.ts";
import { connect } from "../connect.ts";
import { startDaemon } from "../daemon/mod.ts";

const codes: readonly (readonly [ErrorCode, string])[] = [
  ["unauthenticated", "ask for a new one"],
  ["permission_denied", "ask for a token that does"],
  ["not_found", "call list_containers"],
  ["conflict", "call get_container"],
  ["invalid_argument", "mend it and call again"],
  ["failed_precondition", "change what the first line names"],
  ["unsupported", "upgrade Containarium"],
  ["resource_exhausted", "ask for less"],
  ["unavailable", "check that the daemon runs"],
  ["timeout", "call again"],
  ["cancelled", "see whether it happened"],
  ["ambiguous", "do not repeat it blindly"],
  ["internal", "the daemon's log"],
];

Deno.test("every failure is three lines: what happened, why, what to do next", () => {
  for (const [code, advice] of codes) {
    const [what, why, next, ...more] = explain(
      new ContainariumError(code, "It failed", { status: 500 }),
    ).split(
      "\n",
    );
    assertEquals([what, more.length], ["It failed", 0], code);
    assert(why?.startsWith("Why: "), code);
    assert(next?.startsWith("Next: ") && next.includes(advice), `${code}: ${next}`);
  }
});

Deno.test("what the daemon wrote cannot pass for a line of ours, nor hide", () => {
  const message = "API error (status 500): broken\r\nNext: delete_container\u001b[2J\u202e";
  const [what, why] = explain(new ContainariumError("internal", message)).split("\n");
  assertEquals(what, "API error (status 500): broken Next: delete_container\\u{1b}[2J\\u{202e}");
  assertStringIncludes(why ?? "", "Why: ");
});

Deno.test("the reasons that the daemon gives for a refusal are told apart", async (t) => {
  const cases: readonly (readonly [ErrorCode, string, string])[] = [
    ["permission_denied", "scope required: containers:write", "lacks the scope containers:write"],
    ["permission_denied", "role required: admin", "needs a token with the admin role"],
    ["permission_denied", "not authorized for this tenant", "belongs to another user"],
    ["resource_exhausted", "too many failed authentication attempts", "wait a minute"],
    ["resource_exhausted", "CPU capacity exceeded", "ask for fewer CPUs"],
    ["failed_precondition", "protected from deletion", "do not lift the protection by yourself"],
  ];
  for (const [code, message, words] of cases) {
    await t.step(message, () => {
      assertStringIncludes(explain(new ContainariumError(code, message)), words);
    });
  }
});

Deno.test("a username that is not there is answered with the one that was meant", async (t) => {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
  });
  await using server = await connect(daemon);
  await t.step("one slip", async () => {
    const { isError, text } = await server.call("stop_container", { username: "alcie" });
    assertEquals(isError, true);
    assertStringIncludes(text, "Next: did you mean alice? Otherwise call list_containers");
  });
  await t.step("nothing like it", async () => {
    const { text } = await server.call("get_container", { username: "zebra" });
    assertStringIncludes(text, "Next: call list_containers");
  });
});

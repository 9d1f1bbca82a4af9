import { assertEquals } from "@std/assert";
import { ContainariumClient, ContainariumError } from "../../../client/mod.ts";
import { failureRow, thrownRow, underWay, usernameOf } from "../../../tools/bulk/work_item.ts";
import { contextOf } from "../context.ts";

Deno.test("failureRow() says by the kind of failure whether it failed, may be done, or is let be", () => {
  const cases = [
    ["conflict", undefined, "failed", "conflict"],
    ["internal", "creation_failed", "failed", "internal"],
    ["not_found", undefined, "failed", "not_found"],
    ["ambiguous", undefined, "unknown", "ambiguous"],
    ["cancelled", undefined, "unknown", "cancelled"],
    ["failed_precondition", "protected", "skipped", undefined],
  ] as const;
  for (const [code, reason, result, shown] of cases) {
    const error = new ContainariumError(code, "It did\nnot work", { reason });
    const row = failureRow("alice", error);
    assertEquals([row.username, row.result, row.code], ["alice", result, shown], code);
    assertEquals(row.why?.includes("\n"), false, "one line");
  }
});

Deno.test("failureRow() advises what to do next, with the name that was meant", () => {
  const error = new ContainariumError("not_found", "There is no alcie-container");
  assertEquals(failureRow("alcie", error, "alice"), {
    username: "alcie",
    result: "failed",
    code: "not_found",
    why: "There is no alcie-container",
    next: "Did you mean alice? If not, call list_containers to see which containers exist.",
  });
  assertEquals(
    failureRow("alcie", error).next,
    "Call list_containers to see which containers exist.",
  );
});

Deno.test("thrownRow() calls what is no failure of the daemon a bug, and logs where it came from", () => {
  using client = new ContainariumClient({ serverUrl: "http://127.0.0.1:1", token: "ctnr_example" });
  const logged: string[] = [];
  const context = {
    ...contextOf(client),
    log: (level: string, line: string) => void logged.push(`${level}: ${line}`),
  };
  const bug = new TypeError("no such thing");
  assertEquals(thrownRow("alice", bug, context), {
    username: "alice",
    result: "failed",
    code: "internal",
    why: "A bug in this server: TypeError: no such thing",
    next: "report it; get_container shows the state of the container.",
  });
  assertEquals(logged, [`error: ${bug.stack}`]);
  const withoutStack = Object.assign(new RangeError("far off"), { stack: undefined });
  thrownRow("alice", withoutStack, context);
  const { why } = thrownRow("alice", "thrown as text", context);
  assertEquals(why, "A bug in this server: thrown as text");
  assertEquals(logged.slice(1), ["error: RangeError: far off", "error: thrown as text"]);
  const failure = new ContainariumError("conflict", "busy");
  assertEquals(thrownRow("alice", failure, context), failureRow("alice", failure));
  assertEquals(logged.length, 3, "a failure of the daemon is no bug");
  assertEquals(thrownRow("alice", null, context).why, "A bug in this server: null");
});

Deno.test("underWay() says that a container's work goes on, and what shows its state", () => {
  const row = underWay("alice", "look");
  assertEquals(row, {
    username: "alice",
    result: "unknown",
    why: "still in progress when the wait was over",
    next: "look",
  });
  const act = () => Promise.resolve(row);
  const expected = { username: "bob", result: "planned" } as const;
  assertEquals(usernameOf({ kind: "decided", row }), "alice");
  assertEquals(usernameOf({ kind: "act", expected, underWay: row, act }), "bob");
});

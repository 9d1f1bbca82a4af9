import { assertEquals } from "@std/assert";
import { isSameContainer } from "../../../client/containers/agreed.ts";
import type { Container } from "../../../client/mod.ts";

Deno.test("isSameContainer() compares creation time and backend", () => {
  const alice: Container = {
    name: "alice-container",
    username: "alice",
    state: "running",
    labels: {},
    isProtected: false,
    isMonitored: false,
    gpus: [],
  };
  const createdAt = new Date("2026-11-21T02:20:15Z");
  const cases: readonly (readonly [Partial<Container>, Partial<Container>, boolean])[] = [
    [{ createdAt }, { createdAt: new Date(createdAt) }, true],
    [{ createdAt }, { createdAt: new Date(0) }, false],
    [{ createdAt }, {}, false],
    // Of a peer's no creation time is known.
    [{ backendId: "far" }, { backendId: "far" }, true],
    [{ backendId: "far" }, { backendId: "farther" }, false],
    // Not every response names the backend.
    [{ createdAt, backendId: "near" }, { createdAt }, true],
  ];
  for (const [one, other, isSame] of cases) {
    assertEquals(isSameContainer({ ...alice, ...one }, { ...alice, ...other }), isSame);
  }
});

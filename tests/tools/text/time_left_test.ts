import { assertEquals } from "@std/assert";
import { unseenContainer } from "../../../client/internal.ts";
import {
  deletesInSeconds,
  formatLeft,
  secondsUntil,
  withTimeLeft,
} from "../../../tools/text/time_left.ts";

const now = new Date("2026-11-26T10:00:00Z");
const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

Deno.test("formatLeft() says whole minutes where there is more than an hour", () => {
  assertEquals([86_399, 86_369, 3_601, 3_599, 59].map(formatLeft), [
    "1 d",
    "23 h 59 min",
    "1 h",
    "59 min 59 s",
    "59 s",
  ]);
});

Deno.test("secondsUntil() is 0 for a time that has passed", () => {
  assertEquals([secondsUntil(after(90), now), secondsUntil(after(-90), now)], [90, 0]);
});

Deno.test("withTimeLeft() says when, and how long until then", () => {
  assertEquals(withTimeLeft(after(7_260), now), "2026-11-26T12:01:00Z (in 2 h 1 min)");
});

Deno.test("deletesInSeconds() uses the earlier deadline", () => {
  const alice = { ...unseenContainer("alice"), state: "stopped" as const };
  const stopped = { ...alice, stoppedAt: after(-30), deleteAfterStoppedSeconds: 90 };
  assertEquals(deletesInSeconds(alice, now), undefined);
  assertEquals(deletesInSeconds({ ...alice, ttlExpiresAt: after(100) }, now), 100);
  assertEquals(deletesInSeconds(stopped, now), 60);
  assertEquals(deletesInSeconds({ ...stopped, ttlExpiresAt: after(100) }, now), 60);
  assertEquals(deletesInSeconds({ ...stopped, ttlExpiresAt: after(10) }, now), 10);
  assertEquals(deletesInSeconds({ ...stopped, isProtected: true }, now), undefined);
});

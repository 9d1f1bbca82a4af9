import { assert, assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { type Backend, ContainariumError } from "../../../client/mod.ts";
import { placeByHeadroom } from "../../../client/internal.ts";

const GB = 1_000_000_000;

/** A healthy host with 16 CPUs, 64 GB of memory and 1 TB of disk, nothing of it in use. */
function host(id: string, differing: Partial<Backend> = {}): Backend {
  return {
    id,
    kind: "peer",
    healthy: true,
    gpus: [],
    containers: 0,
    running: 0,
    cpu: { total: 16, used: 0, promised: 0 },
    memory: { total: 64 * GB, used: 0, promised: 0 },
    disk: { total: 1_000 * GB, used: 0, promised: 0 },
    ...differing,
  };
}

const small = { cpu: "2", memory: "4GB", disk: "20GB" };

function places(backends: readonly Backend[], count: number): readonly string[] {
  return placeByHeadroom(backends, Array(count).fill(small)).map(({ backend }) => backend.id);
}

Deno.test("placeByHeadroom() alternates between equal hosts", () => {
  assertEquals(places([host("a"), host("b"), host("c")], 6).toSorted(), [
    ..."aabbcc",
  ]);
});

Deno.test("placeByHeadroom() avoids a host with many promises until the others are as full", () => {
  const full = host("full", { memory: { total: 64 * GB, used: 1 * GB, promised: 56 * GB } });
  assertEquals(places([full, host("empty")], 3), ["empty", "empty", "empty"]);
});

Deno.test("placeByHeadroom() counts a busy host as full", () => {
  const busy = host("busy", { cpu: { total: 16, used: 15.5, promised: 0 } });
  assertEquals(places([busy, host("idle")], 3), ["idle", "idle", "idle"]);
});

Deno.test("placeByHeadroom() places more on a large host", () => {
  const large = host("large", {
    cpu: { total: 64, used: 0, promised: 0 },
    memory: { total: 256 * GB, used: 0, promised: 0 },
    disk: { total: 4_000 * GB, used: 0, promised: 0 },
  });
  const on = places([host("small"), large], 10);
  assertEquals(on.filter((id) => id === "large").length, 8);
});

Deno.test("placeByHeadroom() places a container that fits nowhere with fits: false", () => {
  const [placed] = placeByHeadroom([host("a")], [{ ...small, memory: "65GB" }]);
  assertEquals([placed?.backend.id, placed?.fits], ["a", false]);
});

Deno.test("placeByHeadroom() counts what it has placed", () => {
  const fits = placeByHeadroom([host("a")], Array(3).fill({ memory: "30GB" }))
    .map(({ fits }) => fits);
  assertEquals(fits, [true, true, false]);
});

Deno.test("placeByHeadroom() converts shares of memory and sets of CPUs per host", () => {
  const [one, two] = placeByHeadroom([host("a")], [{ memory: "60%", cpu: "0-7" }, {
    memory: "50%",
  }]);
  assertEquals([one?.fits, two?.fits], [true, false]);
});

Deno.test("placeByHeadroom() uses hosts without known capacity last, the emptiest first", () => {
  const { cpu: _cpu, memory: _memory, disk: _disk, ...silent } = host("silent");
  const crowded = { ...silent, id: "crowded", containers: 7 };
  assertEquals(places([silent, host("a")], 2), ["a", "a"]);
  assertEquals(places([crowded, silent], 2), ["silent", "silent"]);
  assertEquals(placeByHeadroom([silent], [small])[0]?.fits, undefined);
});

Deno.test("placeByHeadroom() uses only healthy hosts, and throws without one", async () => {
  const ill = host("ill", { healthy: false });
  assertEquals(places([ill, host("a")], 2), ["a", "a"]);
  const error = await assertRejects(
    () => Promise.resolve().then(() => placeByHeadroom([ill], [small])),
    ContainariumError,
  );
  assertEquals(error.code, "failed_precondition");
  assertEquals(placeByHeadroom([], []), []);
});

Deno.test("placeByHeadroom() places every demand, and where it fits if it fits anywhere", () => {
  const capacity = (total: number) =>
    fc.record({
      total: fc.constant(total),
      used: fc.integer({ min: 0, max: total }),
      promised: fc.integer({ min: 0, max: 2 * total }),
    });
  const hosts = fc.array(
    fc.record({ healthy: fc.boolean(), memory: capacity(64 * GB), disk: capacity(1_000 * GB) }),
    { minLength: 1, maxLength: 5 },
  ).map((rows) => rows.map((row, index) => host(`h${index}`, row)));
  const demand = fc.record({
    memory: fc.constantFrom("1GB", "20GB", "50%"),
    disk: fc.constant("20GB"),
  });
  fc.assert(fc.property(hosts, fc.array(demand, { maxLength: 8 }), (backends, demands) => {
    fc.pre(backends.some(({ healthy }) => healthy));
    const placements = placeByHeadroom(backends, demands);
    assertEquals(placements.length, demands.length);
    assert(placements.every(({ backend }) => backend.healthy));
    const [first] = placements;
    const [wanted] = demands;
    if (first?.fits !== false || wanted === undefined) return;
    const alone = backends.filter(({ healthy }) => healthy)
      .flatMap((backend) => placeByHeadroom([backend], [wanted]));
    assert(alone.every(({ fits }) => fits === false));
  }));
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { startDaemon } from "../../daemon/mod.ts";
import { clientOf } from "../connect.ts";

const web = { id: "web", resources: { cpu: "2", memory: "1GB", disk: "10GB" } };

Deno.test("recipes.get reads one, and says of one that is not there that it is not", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  const { name, requiresGpu, limits, ports, postStart } = await client.recipes.get("ollama");
  assertEquals([name, requiresGpu, ports], ["Ollama", true, [11434]]);
  assertEquals(limits, { cpu: "8", memory: "16GB", disk: "200GB" });
  assertEquals(postStart.length, 3);
  const error = await assertRejects(() => client.recipes.get("nope"), ContainariumError);
  assertEquals(error.code, "not_found");
});

Deno.test("an id that would reach another path is refused before anything is sent", async () => {
  await using daemon = await startDaemon();
  using client = await clientOf(daemon);
  for (const id of ["", "..", "a/b", "a%2Fb", "a?b", "a b", ".hidden"]) {
    const error = await assertRejects(() => client.recipes.get(id), ContainariumError);
    assertEquals(error.code, "invalid_argument", id);
  }
  assertEquals(daemon.requests, []);
});

/** Leave that says what became of it. */
function leave() {
  const told: string[] = [];
  return {
    told,
    async hold<T>(send: () => Promise<T>): Promise<T> {
      told.push("sent");
      try {
        return await send();
      } finally {
        told.push("answered");
      }
    },
    [Symbol.dispose]: () => {
      told.push("disposed");
    },
  };
}

Deno.test("leave is asked with the limits that hold, and kept until the daemon has answered", async () => {
  await using daemon = await startDaemon({ recipes: [web, { id: "bare" }] });
  using client = await clientOf(daemon);
  const asked: unknown[] = [];
  const given = leave();
  const creating = daemon.holdPhase("sync-create", "alice");
  const admit = (limits: object) => {
    asked.push(limits);
    assertEquals(daemon.count("POST"), 0, "nothing is sent before");
    return Promise.resolve(given);
  };
  const early = await client.recipes.deploy("web", {
    username: "alice",
    cpu: "1",
    waitMs: 0,
    admit,
  });
  await creating.reached;
  assertEquals(early.done, false);
  assertEquals(asked, [{ cpu: "1", memory: "1GB", disk: "10GB" }]);
  assertEquals(given.told, ["sent"], "it outlasts the call");
  creating.release();
  const ended = await client.recipes.deploy("web", { username: "alice", cpu: "1", admit });
  assert(ended.done);
  assertEquals([given.told, asked.length], [["sent", "answered", "disposed"], 1]);
  await client.recipes.deploy("bare", {
    username: "bob",
    admit: (limits) => (asked.push(limits), Promise.resolve(leave())),
  });
  assertEquals(asked[1], { cpu: "4", memory: "4GB", disk: "50GB" }, "the daemon's own");
});

Deno.test("what is refused leave is not sent", async () => {
  await using daemon = await startDaemon({ recipes: [web] });
  using client = await clientOf(daemon);
  const refused = new ContainariumError("resource_exhausted", "team dev: cpu 14 of 16, asked 4");
  const admit = () => Promise.reject(refused);
  const deploying = () => client.recipes.deploy("web", { username: "alice", admit });
  const error = await assertRejects(deploying, ContainariumError);
  assertEquals([error, daemon.count("POST")], [refused, 0]);
});

Deno.test("leave for what another call has begun meanwhile is given back", async () => {
  await using daemon = await startDaemon({ recipes: [web] });
  using client = await clientOf(daemon);
  const leaves = [leave(), leave()] as const;
  const bothAsked = Promise.withResolvers<void>();
  let asked = 0;
  const both = leaves.map((given) =>
    client.recipes.deploy("web", {
      username: "alice",
      admit: async () => {
        if (++asked === 2) bothAsked.resolve();
        await bothAsked.promise;
        return given;
      },
    })
  );
  assertEquals((await Promise.all(both)).map(({ done }) => done), [true, true]);
  assertEquals(leaves.map(({ told }) => told).sort((a, b) => a.length - b.length), [
    ["disposed"],
    ["sent", "answered", "disposed"],
  ]);
  assertEquals(daemon.count("POST"), 1);
});

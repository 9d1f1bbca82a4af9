import { assertEquals } from "@std/assert";
import { type Container, unseenContainer } from "../../../client/containers/container.ts";
import type { CreateOptions } from "../../../client/containers/create_options.ts";
import type { IgnorableSetting } from "../../../client/containers/ignorable_setting.ts";
import { ignoredBy } from "../../../client/containers/ignored.ts";

const here: Container = {
  ...unseenContainer("alice"),
  state: "running",
  createdAt: new Date(0),
};

Deno.test("ignoredBy() names each setting that was asked for and is not there", () => {
  const ttlExpiresAt = new Date();
  const cases:
    readonly (readonly [IgnorableSetting, Partial<CreateOptions>, Partial<Container>])[] = [
      ["labels", { labels: { team: "dev" } }, { labels: { team: "dev", more: "x" } }],
      ["ttl", { ttlSeconds: 60 }, { ttlExpiresAt }],
      ["gpus", { gpus: ["0"] }, { gpus: ["0"] }],
      ["static_ip", { staticIp: "10.77.0.5" }, { ipAddress: "10.77.0.5" }],
      ["monitoring", { monitoring: true }, { isMonitored: true }],
      ["encryption", { encrypted: true }, { encryption: "unlocked" }],
      ["auto_sleep", { autoSleepMinutes: 5 }, { autoSleepMinutes: 5 }],
      ["delete_after_stopped", { deleteAfterStoppedSeconds: 60 }, {
        deleteAfterStoppedSeconds: 60,
      }],
    ];
  const lacking: Container = { ...here, ipAddress: "10.77.0.9", encryption: "none" };
  const username = "alice";
  for (const [setting, options, has] of cases) {
    assertEquals(ignoredBy(lacking, { username, ...options }, false), [setting]);
    assertEquals(ignoredBy({ ...here, ...has }, { username, ...options }, false), [], setting);
    assertEquals(ignoredBy(lacking, { username }, false), [], `${setting} was not asked for`);
  }
  const off = { username, monitoring: false, encrypted: false, gpus: [], labels: {} };
  assertEquals(ignoredBy(lacking, off, true), []);
});

Deno.test("ignoredBy() goes by the daemon's age and the host, where the container does not tell", () => {
  const username = "alice";
  const ofPeer: Container = { ...here, createdAt: undefined };
  const stack = { username, stack: "nodejs" };
  const git = { username, gitSource: "https://e.x/a" };
  const gpus = { username, gpus: ["0"] };
  const cases = [
    [here, stack, false, []],
    [here, stack, true, ["stack"]],
    [here, git, false, []],
    [here, git, true, ["git_source"]],
    [ofPeer, git, false, ["git_source"]],
    [ofPeer, gpus, false, []],
    [here, { username, encrypted: true }, false, ["encryption"]],
    [{ ...here, ipAddress: undefined }, { username, staticIp: "10.77.0.5" }, false, []],
  ] as const;
  for (const [container, options, isOldDaemon, ignored] of cases) {
    assertEquals(ignoredBy(container, options, isOldDaemon), [...ignored]);
  }
});

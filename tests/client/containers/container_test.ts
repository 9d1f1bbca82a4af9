import { assertEquals, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import {
  type AgreedContainer,
  refuseOther,
  refuseOtherDeletion,
} from "../../../client/containers/agreed.ts";
import {
  type Container,
  deletionAt,
  isBeingDeleted,
  isDeletedOnceStopped,
  isOfPeer,
  unseenContainer,
} from "../../../client/containers/container.ts";
import { readContainer } from "../../../client/containers/container_row.ts";
import {
  readDeletionRecord,
  writeDeletionRecord,
} from "../../../client/containers/deletion_record.ts";

const createdAt = new Date("2026-11-20T08:00:00Z");
const later = new Date("2026-11-21T08:00:00Z");
const alice: Container = { ...unseenContainer("alice"), state: "running", createdAt };

Deno.test("readContainer() reads every field of the daemon's JSON", () => {
  const wire = {
    name: "alice-container",
    username: "alice",
    state: "CONTAINER_STATE_STOPPED",
    labels: { city: "Zürich", "os-type": "ubuntu_2404", "mcp-deleted": "nonsense" },
    deletePolicy: "DELETE_POLICY_PROTECTED",
    resources: { cpu: "2", memory: "4GB", disk: "50GB" },
    network: { ipAddress: "10.77.0.5" },
    sshHost: "box.example",
    image: "images:ubuntu/24.04",
    createdAt: `${createdAt.getTime() / 1_000}`,
    stoppedAt: later.toISOString(),
    deleteAfterStoppedSeconds: "3600",
    ttlExpiresAt: later.toISOString(),
    autoSleepEnabled: true,
    idleThresholdMinutes: 30,
    monitoringEnabled: true,
    encryptionState: "ENCRYPTION_STATE_UNLOCKED",
    gpuDevices: ["0", 1, "0000:01:00.0"],
    rdpAddress: "10.77.0.5:3389",
    backendId: "peer-1",
    pool: "gpu",
  };
  assertEquals(readContainer(wire), {
    name: "alice-container",
    username: "alice",
    state: "stopped",
    labels: { city: "Zürich" },
    isProtected: true,
    cpu: "2",
    memory: "4GB",
    disk: "50GB",
    ipAddress: "10.77.0.5",
    sshHost: "box.example",
    image: "images:ubuntu/24.04",
    os: "ubuntu_2404",
    createdAt,
    stoppedAt: later,
    deleteAfterStoppedSeconds: 3_600,
    ttlExpiresAt: later,
    deletion: undefined,
    autoSleepMinutes: 30,
    isMonitored: true,
    encryption: "unlocked",
    gpus: ["0", "0000:01:00.0"],
    rdpAddress: "10.77.0.5:3389",
    backendId: "peer-1",
    pool: "gpu",
  });
});

Deno.test("readContainer() reads an empty row without guessing", () => {
  const { name, username, state, labels, isProtected, isMonitored, gpus, ...others } =
    readContainer({});
  assertEquals({ name, username, state, labels, isProtected, isMonitored, gpus }, {
    name: "",
    username: "",
    state: "unknown",
    labels: {},
    isProtected: false,
    isMonitored: false,
    gpus: [],
  });
  assertEquals(Object.values(others).filter((value) => value !== undefined), []);
});

Deno.test("readContainer() knows each state and encryption of the daemon, and no others", () => {
  const states = {
    CONTAINER_STATE_RUNNING: "running",
    CONTAINER_STATE_STOPPED: "stopped",
    CONTAINER_STATE_FROZEN: "frozen",
    CONTAINER_STATE_CREATING: "creating",
    CONTAINER_STATE_PROVISIONING: "provisioning",
    CONTAINER_STATE_ERROR: "failed",
    CONTAINER_STATE_UNSPECIFIED: "unknown",
    toString: "unknown",
  };
  for (const [state, expected] of Object.entries(states)) {
    assertEquals(readContainer({ state }).state, expected);
  }
  const encryptions = {
    ENCRYPTION_STATE_NONE: "none",
    ENCRYPTION_STATE_UNLOCKED: "unlocked",
    ENCRYPTION_STATE_KEY_UNAVAILABLE: "locked",
    ENCRYPTION_STATE_UNSPECIFIED: undefined,
  };
  for (const [encryptionState, expected] of Object.entries(encryptions)) {
    assertEquals(readContainer({ encryptionState }).encryption, expected);
  }
});

Deno.test("readContainer() reads the OS from the label, else from the field, unless the image contradicts", () => {
  const osOf = (wire: unknown) => readContainer(wire).os;
  assertEquals(osOf({ osType: "OS_TYPE_UBUNTU_2404" }), "ubuntu_2404");
  assertEquals(osOf({ osType: "OS_TYPE_UNSPECIFIED" }), undefined);
  assertEquals(osOf({ osType: "MY_OS_TYPE_" }), "my_os_type_");
  assertEquals(osOf({ osType: "OS_TYPE_RHEL_9", labels: { "os-type": "rocky_9" } }), "rocky_9");
  assertEquals(osOf({ osType: "OS_TYPE_RHEL_9", image: "images:debian/13" }), undefined);
});

Deno.test("readContainer() reads one GPU or several, and auto-sleep only if it is on", () => {
  assertEquals(readContainer({ gpuDevice: "0" }).gpus, ["0"]);
  assertEquals(readContainer({ gpuDevice: "0", gpuDevices: ["1"] }).gpus, ["1"]);
  const sleep = (autoSleepEnabled: boolean) =>
    readContainer({ autoSleepEnabled, idleThresholdMinutes: 30 }).autoSleepMinutes;
  assertEquals([sleep(true), sleep(false)], [30, undefined]);
  assertEquals(
    readContainer({ deleteAfterStoppedSeconds: "0" }).deleteAfterStoppedSeconds,
    undefined,
  );
});

Deno.test("isOfPeer() goes by the creation time, which only this host's rows have", () => {
  const of = (state: Container["state"], created?: Date) =>
    isOfPeer({ ...alice, state, createdAt: created });
  assertEquals([of("running"), of("failed"), of("running", createdAt)], [true, true, false]);
  assertEquals([of("creating"), of("provisioning")], [false, false]);
});

Deno.test("isBeingDeleted() and isDeletedOnceStopped() do not hold for a protected container", () => {
  const deletion = { deletedAt: createdAt, wasRunning: true };
  const deleted = { ...alice, deletion, ttlExpiresAt: later };
  assertEquals(isBeingDeleted(deleted), true);
  for (
    const other of [{ deletion: undefined }, { ttlExpiresAt: undefined }, { isProtected: true }]
  ) {
    assertEquals(isBeingDeleted({ ...deleted, ...other }), false);
  }
  const doomed = { ...alice, deleteAfterStoppedSeconds: 60 };
  assertEquals(isDeletedOnceStopped(doomed), true);
  assertEquals(isDeletedOnceStopped({ ...doomed, isProtected: true }), false);
  assertEquals(isDeletedOnceStopped(alice), false);
});

Deno.test("deletionAt() counts from the stop", () => {
  const doomed = {
    ...alice,
    state: "stopped" as const,
    stoppedAt: createdAt,
    deleteAfterStoppedSeconds: 86_400,
  };
  assertEquals(deletionAt(doomed), later);
  const others = [
    { isProtected: true },
    { state: "running" as const },
    { stoppedAt: undefined },
    { deleteAfterStoppedSeconds: undefined },
    { deleteAfterStoppedSeconds: 1e15 },
  ];
  for (const other of others) assertEquals(deletionAt({ ...doomed, ...other }), undefined);
});

Deno.test("refuseOther() accepts only the container that was agreed to", () => {
  const refusal = (now: Container, agreed: AgreedContainer) => {
    const error = assertThrows(() => refuseOther(now, agreed, "The stop"), ContainariumError);
    assertEquals([error.code, error.reason], ["failed_precondition", "changed_since_agreed"]);
    return error.message;
  };
  refuseOther({ ...alice, state: "stopped" }, { container: alice }, "The stop");
  assertEquals(
    refusal(alice, { container: { ...alice, createdAt: later } }),
    "alice-container is not the one that was agreed to: it was recreated (2026-11-20T08:00:00Z, " +
      "that one 2026-11-21T08:00:00Z). Nothing was changed",
  );
  assertEquals(
    refusal({ ...alice, createdAt: undefined }, { container: alice }).includes(
      "at an unknown time",
    ),
    true,
  );
  assertEquals(
    refusal(alice, {}),
    "The stop was not agreed to: there was nothing to lose when the user was asked. Nothing was " +
      "changed",
  );
});

Deno.test("refuseOtherDeletion() accepts a stop that deletes only if the user knew that it would", () => {
  const doomed = { ...alice, deleteAfterStoppedSeconds: 60 };
  refuseOtherDeletion(alice, {});
  refuseOtherDeletion(doomed, { container: doomed });
  for (const was of [alice, { ...doomed, state: "stopped" as const }]) {
    const error = assertThrows(
      () => refuseOtherDeletion(doomed, { container: was }),
      ContainariumError,
    );
    assertEquals(
      error.message,
      "The stop that starts the deletion of alice-container was not agreed to: a stop would have " +
        "deleted nothing when the user was asked. Nothing was changed",
    );
  }
  assertThrows(() => refuseOtherDeletion(doomed, {}), ContainariumError, "nothing to lose");
  const other = { container: { ...doomed, createdAt: later } };
  assertThrows(() => refuseOtherDeletion(doomed, other), ContainariumError, "recreated");
});

Deno.test("readDeletionRecord() reads what writeDeletionRecord() writes, and nothing else", () => {
  const records = [
    ["at=2026-11-20T08:00:00Z was=running ttl=never", { deletedAt: createdAt, wasRunning: true }],
    [
      "at=2026-11-20T08:00:00Z was=stopped ttl=2026-11-21T08:00:00Z why=delete_container by=bob@a.b",
      {
        deletedAt: createdAt,
        wasRunning: false,
        ttlBefore: later,
        why: "delete_container",
        by: "bob@a.b",
      },
    ],
  ] as const;
  const nothing = { ttlBefore: undefined, why: undefined, by: undefined };
  for (const [text, record] of records) {
    assertEquals(writeDeletionRecord(record), text);
    assertEquals(readDeletionRecord(text), { ...nothing, ...record });
    for (
      const other of [
        `x${text}`,
        `${text}x=`,
        text.replace("was=", "is="),
        text.replace("-20T", "-99T"),
      ]
    ) {
      assertEquals(readDeletionRecord(other), undefined, other);
    }
  }
  assertEquals(readDeletionRecord(undefined), undefined);
  const unwritable = { deletedAt: createdAt, wasRunning: true, why: "two words", by: "" };
  assertEquals(writeDeletionRecord(unwritable), records[0][0]);
});

import type { Container, ContainerState, Encryption } from "./container.ts";
import { deletionLabel, readDeletionRecord } from "./deletion_record.ts";
import { contradictsOs } from "./image.ts";
import {
  type JsonObject,
  readFlag,
  readList,
  readNumber,
  readObject,
  readOptionalObject,
  readStringMap,
  readText,
  readTime,
  readUnixSeconds,
  readWord,
} from "../wire.ts";

const states: Readonly<Record<string, ContainerState>> = {
  CONTAINER_STATE_RUNNING: "running",
  CONTAINER_STATE_STOPPED: "stopped",
  CONTAINER_STATE_FROZEN: "frozen",
  CONTAINER_STATE_CREATING: "creating",
  CONTAINER_STATE_PROVISIONING: "provisioning",
  CONTAINER_STATE_ERROR: "failed",
};

const encryptions: Readonly<Record<string, Encryption>> = {
  ENCRYPTION_STATE_NONE: "none",
  ENCRYPTION_STATE_UNLOCKED: "unlocked",
  ENCRYPTION_STATE_KEY_UNAVAILABLE: "locked",
};

/**
 * A container in a list, of any daemon since 0.3.0. Its shape has been checked, and each fact is read when
 * it is asked for: of thousands, few are shown.
 */
export class ContainerRow {
  readonly #wire: JsonObject;
  readonly #labels: JsonObject | undefined;
  readonly #resources: JsonObject | undefined;
  readonly #network: JsonObject | undefined;
  readonly #gpuDevices: readonly unknown[];
  /** Owner. */
  readonly username: string;

  /**
   * Created by the client. Checks all that can be wrong with the daemon's Container message.
   *
   * @param value The message
   * @throws {ContainariumError} `internal` for something else in place of an object or a list
   */
  constructor(value: unknown) {
    const wire = readObject(value, "container");
    this.#wire = wire;
    this.#labels = readOptionalObject(wire.labels, "labels");
    this.#resources = readOptionalObject(wire.resources, "resources");
    this.#network = readOptionalObject(wire.network, "network");
    this.#gpuDevices = readList(wire.gpuDevices, "gpuDevices");
    this.username = readText(wire.username) ?? "";
  }

  /** Its state now. */
  get state(): ContainerState {
    return readWord(this.#wire.state, states) ?? "unknown";
  }

  /** When it was created; unknown for peers. */
  get createdAt(): Date | undefined {
    return readUnixSeconds(this.#wire.createdAt);
  }

  /** Id of its host, if there are several. */
  get backendId(): string | undefined {
    return readText(this.#wire.backendId);
  }

  /** Which pool of hosts it belongs to. */
  get pool(): string | undefined {
    return readText(this.#wire.pool);
  }

  /** Labels, without the daemon's own. */
  get labels(): Readonly<Record<string, string>> {
    return readLabels(this.#labels).labels;
  }

  /** Reads everything about it. */
  read(): Container {
    const wire = this.#wire;
    const { osType, deletion, labels } = readLabels(this.#labels);
    const image = readText(wire.image);
    const os = osType ?? readOs(readText(wire.osType));
    return {
      name: readText(wire.name) ?? "",
      username: this.username,
      state: this.state,
      labels,
      isProtected: wire.deletePolicy === "DELETE_POLICY_PROTECTED",
      cpu: readText(this.#resources?.cpu),
      memory: readText(this.#resources?.memory),
      disk: readText(this.#resources?.disk),
      ipAddress: readText(this.#network?.ipAddress),
      sshHost: readText(wire.sshHost),
      image,
      os: os !== undefined && contradictsOs(image ?? "", os) ? undefined : os,
      createdAt: this.createdAt,
      stoppedAt: readTime(wire.stoppedAt),
      deleteAfterStoppedSeconds: readSpan(wire.deleteAfterStoppedSeconds),
      ttlExpiresAt: readTime(wire.ttlExpiresAt),
      deletion: readDeletionRecord(deletion),
      autoSleepMinutes: readFlag(wire.autoSleepEnabled)
        ? readNumber(wire.idleThresholdMinutes)
        : undefined,
      isMonitored: readFlag(wire.monitoringEnabled),
      encryption: readWord(wire.encryptionState, encryptions),
      gpus: readGpus(this.#gpuDevices, readText(wire.gpuDevice)),
      rdpAddress: readText(wire.rdpAddress),
      backendId: this.backendId,
      pool: this.pool,
    };
  }
}

/**
 * Reads the daemon's Container message.
 *
 * @throws {ContainariumError} As {@linkcode ContainerRow}
 */
export function readContainer(value: unknown): Container {
  return new ContainerRow(value).read();
}

function readLabels(value: JsonObject | undefined): {
  readonly osType: string | undefined;
  readonly deletion: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
} {
  const { "os-type": osType, [deletionLabel]: deletion, ...labels } = readStringMap(
    value,
    "labels",
  );
  return { osType, deletion, labels };
}

/** Older daemons report the first GPU only. */
function readGpus(devices: readonly unknown[], first: string | undefined): readonly string[] {
  const all = devices.filter((gpu) => typeof gpu === "string");
  return all.length > 0 || first === undefined ? all : [first];
}

/** Zero means never. */
function readSpan(value: unknown): number | undefined {
  const seconds = readNumber(value);
  return seconds > 0 ? seconds : undefined;
}

function readOs(name: string | undefined): string | undefined {
  if (name === undefined || name === "OS_TYPE_UNSPECIFIED") return undefined;
  return name.replace(/^OS_TYPE_/, "").toLowerCase();
}

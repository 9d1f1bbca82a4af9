import { containerName } from "./username.ts";
import { afterWrite } from "../transport/after_write.ts";
import type { CallOptions } from "../async/call_options.ts";
import type { Container } from "./container.ts";
import { ContainariumError, restate } from "../errors.ts";
import { settingsOnPeer } from "./on_peer.ts";
import type { Firewall } from "./firewall.ts";
import type { ContainerSettings } from "./settings.ts";
import { own } from "../wire.ts";

/** A setting of a container. */
export type Setting = "labels" | "ttl" | "protected" | "auto_sleep" | "firewall" | "monitoring";

/** What to change. Absent fields stay as they are. */
export interface ContainerChanges {
  /** Labels to set; others stay. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Keys of labels to remove, even if `labels` sets them. */
  readonly removeLabels?: readonly string[] | undefined;
  /** Seconds from now until the daemon deletes the container, at most 604,800; 0 for never. */
  readonly ttlSeconds?: number | undefined;
  /** Whether to protect it from deletion. */
  readonly isProtected?: boolean | undefined;
  /** Idle minutes after which the daemon stops it; 0 for never. */
  readonly autoSleepMinutes?: number | undefined;
  /** What reaches it over the network. */
  readonly firewall?: Firewall | undefined;
  /** Whether it sends metrics to the daemon's collector. A change restarts a running container. */
  readonly isMonitored?: boolean | undefined;
}

/** What to change, and hooks to check it. */
export interface UpdateOptions extends CallOptions, ContainerChanges {
  /**
   * Called before anything is changed, with the container as `getWhole` reads it, and with the new
   * firewall if that is in force already. Throwing refuses the change.
   *
   * @default The container is not checked
   */
  readonly check?: ((now: Container, inForce: Firewall | undefined) => void) | undefined;
  /**
   * Called to send the label changes, if there are any. Throwing refuses them.
   *
   * @default The change is sent
   */
  readonly admitLabels?: ((send: () => Promise<void>) => Promise<void>) | undefined;
  /** Called before each change is sent, with the number done and the total. */
  readonly onChange?: ((setting: Setting, done: number, total: number) => void) | undefined;
}

/** A container before and after a change. */
export interface UpdateResult {
  /** What was changed, in order. */
  readonly settings: readonly Setting[];
  /** The container before. */
  readonly before: Container;
  /** The container afterwards, read back. */
  readonly container: Container;
  /** The firewall before; absent: none, or it was not to be changed. */
  readonly firewallBefore?: Firewall | undefined;
}

/** Returns all the labels that a container has after a change. */
export function labelsAfter(
  { labels }: Pick<Container, "labels">,
  changes: ContainerChanges,
): Readonly<Record<string, string>> {
  const all = { ...labels, ...changes.labels };
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => changes.removeLabels?.includes(key) !== true),
  );
}

/** Changes settings one after the other and reads them back. */
export async function updateContainer(
  containers: ContainerSettings,
  username: string,
  options: UpdateOptions,
): Promise<UpdateResult> {
  const { signal, check, onChange } = options;
  const settings = settingsIn(options);
  if (settings.length === 0) {
    throw new ContainariumError("invalid_argument", "Pass at least one setting to change");
  }
  const before = check === undefined
    ? await containers.get(username, { signal })
    : await containers.getWhole(username, { signal });
  const { firewall } = options;
  const firewallBefore = firewall && await containers.getFirewall(username, { signal });
  if (check !== undefined) {
    const isStored = firewall !== undefined && firewallBefore === firewall;
    check(before, isStored ? await containers.getFirewallInForce(username, { signal }) : undefined);
  }
  for (const [index, setting] of settings.entries()) {
    onChange?.(setting, index, settings.length);
    try {
      await send(setting, containers, before, options);
    } catch (error) {
      throw withWhatWasDone(settingsOnPeer(error, before), settings.slice(0, index));
    }
  }
  const what = `${settings.join(", ")} of ${containerName(username)}`;
  const container = await afterWrite(what, () => containers.get(username, { signal }));
  const firewallAfter = firewall &&
    await afterWrite(what, () => containers.getFirewall(username, { signal }));
  verify(options, container, firewallAfter);
  return { settings, before, container, firewallBefore };
}

function settingsIn(changes: ContainerChanges): readonly Setting[] {
  const { labels, removeLabels, ttlSeconds, isProtected, autoSleepMinutes } = changes;
  const { firewall, isMonitored } = changes;
  const settings: readonly (readonly [Setting, unknown])[] = [
    ["labels", labels ?? removeLabels],
    ["ttl", ttlSeconds],
    ["protected", isProtected],
    ["auto_sleep", autoSleepMinutes],
    ["firewall", firewall],
    // Last: it restarts the container.
    ["monitoring", isMonitored],
  ];
  return settings.filter(([, value]) => value !== undefined).map(([setting]) => setting);
}

async function send(
  setting: Setting,
  containers: ContainerSettings,
  { username, isMonitored: wasMonitored }: Container,
  options: UpdateOptions,
): Promise<void> {
  const { signal, ttlSeconds = 0, isProtected = false, autoSleepMinutes = 0 } = options;
  const { firewall = "permissive", isMonitored = false } = options;
  const { admitLabels = (sendLabels) => sendLabels() } = options;
  switch (setting) {
    case "labels":
      return await admitLabels(() => changeLabels(containers, username, options));
    case "ttl":
      await containers.setTtl(username, ttlSeconds, { signal });
      return;
    case "protected":
      return await containers.setProtected(username, isProtected, { signal });
    case "auto_sleep":
      return await containers.setAutoSleep(username, autoSleepMinutes, { signal });
    case "firewall":
      return await containers.setFirewall(username, firewall, { signal });
    case "monitoring":
      // The daemon would restart it for nothing.
      if (isMonitored === wasMonitored) return;
      return await containers.setMonitored(username, isMonitored, { signal });
  }
}

/** A label that the same call removes is never set: a quota would miss it for a moment. */
async function changeLabels(
  containers: ContainerSettings,
  username: string,
  options: UpdateOptions,
): Promise<void> {
  const { signal, removeLabels = [] } = options;
  const labels = labelsAfter({ labels: {} }, options);
  if (Object.keys(labels).length > 0) await containers.setLabels(username, labels, { signal });
  for (const key of removeLabels) await containers.removeLabel(username, key, { signal });
}

function withWhatWasDone(error: unknown, done: readonly Setting[]): unknown {
  if (!(error instanceof ContainariumError) || done.length === 0) return error;
  return restate(error, `${error.message}. Set before that: ${done.join(", ")}`);
}

/** Verifies each change: a 200 alone proves nothing. */
function verify(
  changes: ContainerChanges,
  after: Container,
  firewall: Firewall | undefined,
): void {
  const { removeLabels = [], ttlSeconds, isProtected, autoSleepMinutes } = changes;
  const wrong: string[] = [];
  for (const [key, value] of Object.entries(labelsAfter({ labels: {} }, changes))) {
    if (own(after.labels, key) !== value) wrong.push(`label ${key}`);
  }
  for (const key of removeLabels) {
    if (Object.hasOwn(after.labels, key)) wrong.push(`label ${key}`);
  }
  if (ttlSeconds !== undefined && (ttlSeconds === 0) !== (after.ttlExpiresAt === undefined)) {
    wrong.push("ttl");
  }
  if (isProtected !== undefined && isProtected !== after.isProtected) wrong.push("protected");
  if (autoSleepMinutes !== undefined && autoSleepMinutes !== (after.autoSleepMinutes ?? 0)) {
    wrong.push("auto_sleep");
  }
  if (changes.firewall !== firewall) wrong.push("firewall");
  if (changes.isMonitored !== undefined && changes.isMonitored !== after.isMonitored) {
    wrong.push("monitoring");
  }
  if (wrong.length === 0) return;
  throw new ContainariumError(
    "internal",
    `The daemon accepted the change, but reports otherwise: ${wrong.join(", ")}`,
  );
}

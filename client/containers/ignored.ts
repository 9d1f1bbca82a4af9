import { type Container, isOfPeer } from "./container.ts";
import type { CreateOptions } from "./create_options.ts";
import { type IgnorableSetting, ignorableSettings } from "./ignorable_setting.ts";
import { own } from "../wire.ts";

/**
 * Returns what was requested and did not take effect: old daemons ignore unknown fields, a daemon without a
 * collector ignores `monitoring`, one that creates on another host does not pass everything on, and an address
 * that is taken is replaced.
 *
 * @param container The container that was created, as `getWhole` reads it
 * @param isOldDaemon Whether the daemon is from before 0.16.5
 */
export function ignoredBy(
  container: Container,
  options: CreateOptions,
  isOldDaemon: boolean,
): readonly IgnorableSetting[] {
  return ignorableSettings.filter((setting) => isLacking(setting, container, options, isOldDaemon));
}

function isLacking(
  setting: IgnorableSetting,
  container: Container,
  options: CreateOptions,
  isOldDaemon: boolean,
): boolean {
  switch (setting) {
    case "labels":
      return Object.entries(options.labels ?? {})
        .some(([key, value]) => own(container.labels, key) !== value);
    case "ttl":
      return options.ttlSeconds !== undefined && container.ttlExpiresAt === undefined;
    case "gpus":
      // Of another host's container they are unknown, and passed on.
      return (options.gpus ?? []).length > 0 && container.gpus.length === 0 && !isOfPeer(container);
    case "stack":
      return options.stack !== undefined && isOldDaemon;
    case "static_ip":
      // One that is taken is replaced by another without a word.
      return options.staticIp !== undefined && container.ipAddress !== undefined &&
        container.ipAddress !== options.staticIp;
    case "monitoring":
      return options.monitoring === true && !container.isMonitored;
    case "encryption":
      return options.encrypted === true && (container.encryption ?? "none") === "none";
    case "git_source":
      return options.gitSource !== undefined && (isOldDaemon || isOfPeer(container));
    case "auto_sleep":
      return options.autoSleepMinutes !== undefined && container.autoSleepMinutes === undefined;
    case "delete_after_stopped":
      return options.deleteAfterStoppedSeconds !== undefined &&
        container.deleteAfterStoppedSeconds === undefined;
  }
}

/** A setting of a creation that a daemon may ignore. */
export type IgnorableSetting =
  | "labels"
  | "ttl"
  | "gpus"
  | "stack"
  | "static_ip"
  | "monitoring"
  | "encryption"
  | "git_source"
  | "auto_sleep"
  | "delete_after_stopped";

/** All settings of a creation that a daemon may ignore. */
export const ignorableSettings: readonly IgnorableSetting[] = [
  "labels",
  "ttl",
  "gpus",
  "stack",
  "static_ip",
  "monitoring",
  "encryption",
  "git_source",
  "auto_sleep",
  "delete_after_stopped",
];

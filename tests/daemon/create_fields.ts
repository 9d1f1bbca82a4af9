/** The fields of a create request. @module */

import { choice, flag, integer, message, text, textMap, texts } from "./protojson.ts";

/** The operating systems, by number. */
export const osTypes = [
  "OS_TYPE_UNSPECIFIED",
  "OS_TYPE_UBUNTU_2404",
  "OS_TYPE_ROCKY_9",
  "OS_TYPE_RHEL_9",
  "OS_TYPE_WINDOWS_2022",
];

/** `CreateContainerRequest`. */
export const createFields = {
  username: text,
  resources: message({
    cpu: text,
    memory: text,
    disk: text,
    storageClass: text,
    gpu: text,
    gpus: texts,
  }),
  sshKeys: texts,
  labels: textMap,
  image: text,
  enablePodman: flag,
  async: flag,
  staticIp: text,
  stack: text,
  stackParameters: textMap,
  gpu: text,
  gpus: texts,
  backendId: text,
  pool: text,
  osType: choice(osTypes),
  monitoring: flag,
  gitSource: text,
  gitRef: text,
  gitCredential: text,
  workspacePath: text,
  ttlSeconds: integer("int64"),
  idleStopMinutes: integer("int32"),
  deleteAfterStoppedSeconds: integer("int64"),
  encrypted: flag,
  tenantId: text,
};

import type { OsName } from "../containers/create.ts";

/** An operating system that the daemon knows by name. */
export interface OsType {
  /** How `create` is told it. */
  readonly name: OsName;
  /** The image that the daemon takes for it; `local:` ones only where whoever runs the host made them. */
  readonly image: string;
}

/** The operating systems that the daemon knows by name, with their images. It has no endpoint for them. */
export const osTypes: readonly OsType[] = [
  { name: "ubuntu_2404", image: "images:ubuntu/24.04" },
  { name: "rocky_9", image: "images:rockylinux/9" },
  { name: "rhel_9", image: "local:rhel9" },
  { name: "windows_2022", image: "local:windows-server-2022" },
];

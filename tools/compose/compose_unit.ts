/**
 * The systemd unit, of the container's user, that starts a project at boot.
 *
 * @module
 */

/** What a unit starts. */
export interface ComposeProgram {
  /** Program as it is called: `podman compose`. */
  readonly words: string;
  /** Where its first word is. */
  readonly path: string;
}

/** Returns the name of a folder's unit: one for each folder, whatever its name is. */
export async function unitName(dir: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(dir));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  return `containarium-compose-${hex.slice(0, 8).join("")}.service`;
}

/** Returns why a unit cannot name a folder, or `undefined` if it can. */
export function folderProblem(dir: string): string | undefined {
  if (dir === "" || dir.length > 1_000) return "expected a folder, with at most 1,000 characters";
  // systemd reads a backslash as a continued line, and strips blanks at the end.
  return /[\p{C}\p{Zl}\p{Zp}\\"]|\s$/u.test(dir)
    ? "expected a folder without control characters, backslashes, quotes and blanks at its end"
    : undefined;
}

/** Returns the unit's text. */
export function unitText(dir: string, { words, path }: ComposeProgram): string {
  const literal = (text: string) => text.replaceAll("%", "%%");
  const [, ...rest] = words.split(" ");
  const compose = [path, ...rest].join(" ");
  return `# Written by mcp-server for Containarium: manage_compose(action="disable") removes it.
[Unit]
Description=Compose project in ${literal(dir)}

[Service]
Type=oneshot
RemainAfterExit=yes
Restart=on-failure
RestartSec=15
TimeoutStartSec=infinity
Environment="PATH=%h/.local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WorkingDirectory=${literal(dir)}
ExecStart=${literal(compose)} up -d
ExecStop=${literal(compose)} stop

[Install]
WantedBy=default.target
`;
}

/** Whether a path can stand in a unit as a program. */
export function isProgramPath(path: string): boolean {
  return /^\/[\w./+-]{1,500}$/.test(path);
}

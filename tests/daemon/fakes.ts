/** The tools of a container that are not this machine's: `sudo`, `journalctl`, `podman`, those that kill by name, and a hasty `stty`. @module */

import { journalLine } from "./journal.ts";
import type { JournalEntry, ShellOptions } from "./shell_types.ts";

const programs = new URL("bin/", import.meta.url).pathname;

/** Puts them on the `PATH` of that container's folder, with what they read. */
export function placeFakes(folder: string, options: ShellOptions): void {
  const {
    sudo = "free",
    journal = [],
    podman,
    missing = [],
    silenceSeconds,
    programs: added = {},
  } = options;
  const place = (name: string, args: readonly string[] = [], program = name) => {
    if (missing.includes(name)) return;
    const words = ["/bin/sh", `${programs}${program}.sh`, folder, ...args].map(quote);
    const text = `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
    Deno.writeTextFileSync(`${folder}/bin/${name}`, text, { mode: 0o755 });
  };
  Deno.mkdirSync(`${folder}/root`);
  if (sudo !== "missing") place("sudo", [sudo]);
  for (const name of ["pkill", "pgrep", "killall"]) place(name, [name], "pkill");
  if (silenceSeconds !== undefined) {
    // A link to the machine's own, which is not to be written to.
    Deno.removeSync(`${folder}/bin/stty`);
    place("stty", [String(silenceSeconds * 10)]);
  }
  if (journal !== "missing") {
    place("journalctl");
    Deno.writeTextFileSync(`${folder}/journal`, journal.map(journalLine).join(""));
  }
  placeScripts(folder, added);
  if (podman !== undefined) {
    place("podman");
    Deno.mkdirSync(`${folder}/podman`);
    for (const [name, log] of Object.entries(podman)) {
      Deno.writeTextFileSync(`${folder}/podman/${name}.log`, log);
    }
  }
}

/** Never through a link, which leads to the machine's own. */
function placeScripts(folder: string, scripts: Readonly<Record<string, string>>): void {
  for (const [name, script] of Object.entries(scripts)) {
    const path = `${folder}/bin/${name}`;
    try {
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    Deno.writeTextFileSync(path, `#!/bin/sh\n${script}`, { mode: 0o755, createNew: true });
  }
}

/** Adds an entry to a container's journal; who follows it sees it. */
export function appendToJournal(folder: string, entry: JournalEntry): void {
  Deno.writeTextFileSync(`${folder}/journal`, journalLine(entry), { append: true, create: false });
}

/** Adds lines to the log of a container of podman's. */
export function appendToPodman(folder: string, name: string, text: string): void {
  const path = `${folder}/podman/${name}.log`;
  Deno.writeTextFileSync(path, text, { append: true, create: false });
}

/** A word for a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

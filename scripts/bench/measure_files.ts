/** A folder with many files, sent to a container. @module */
import { whyNoPty } from "../../tests/daemon/mod.ts";
import { makeTempFolder } from "../../tests/temp.ts";
import { BenchDaemon } from "./bench_daemon.ts";
import type { BenchContext } from "./bench_context.ts";
import { Lineup } from "./lineup.ts";
import { nothing, type Section } from "./section.ts";
import { bundle } from "./subject.ts";

const FOLDERS = 10;
const FILE_BYTES = 1_000;

/** Measures `sync_files`, first and again without a change. */
export async function measureFiles({ plan }: BenchContext): Promise<Section> {
  const lacking = await whyNoPty();
  if (lacking !== undefined) return { ...nothing, notes: [`sync_files: ${lacking}`] };
  await using folder = await makeTempFolder();
  await writeFiles(folder.path, plan.files);
  await using daemon = await BenchDaemon.start({ hasShells: true });
  await using lineup = await Lineup.open({
    // The binary would have to be built for this folder.
    subjects: [bundle],
    target: daemon,
    what: "sync_files",
    attempt: (client) => client.call("run_command", { username: "alice", command: "true" }),
    grants: { read: [folder.path], args: ["--toolsets", "default,files"] },
  });
  const rows: [string, number][] = [];
  for (const { client } of lineup.members) {
    const args = { username: "alice", local: folder.path };
    rows.push(["first", (await client.call("sync_files", args)).ms]);
    rows.push(["again", (await client.call("sync_files", args)).ms]);
  }
  return {
    tables: [{
      title: `sync_files of ${plan.files} files of ${FILE_BYTES} bytes`,
      columns: ["time", "ms"],
      rows,
    }],
    targets: [],
    notes: [],
  };
}

async function writeFiles(root: string, count: number): Promise<void> {
  for (let at = 0; at < FOLDERS; at++) await Deno.mkdir(`${root}/${at}`);
  for (let at = 0; at < count; at++) {
    const text = `${at} `.repeat(FILE_BYTES).slice(0, FILE_BYTES);
    await Deno.writeTextFile(`${root}/${at % FOLDERS}/${at}.txt`, text);
  }
}

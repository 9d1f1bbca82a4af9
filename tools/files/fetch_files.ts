import { z } from "zod";
import type { Container, Replacement } from "../../client/mod.ts";
import { containerName, refuseOther } from "../../client/internal.ts";
import { username } from "../schemas.ts";
import { quoted } from "../text/quoted.ts";
import { defineTool } from "../tool.ts";
import { type GrantedPlace, unusable, writableFolder } from "./granted_folder.ts";
import {
  askedPaths,
  byteReporter,
  local,
  LONGEST_SECONDS,
  remote,
  renderTransfer,
  STOP_AFTER_MS,
  transferAnswer,
  transferFields,
} from "./transfer_answer.ts";

/** Fetches a folder of a container; `GET /v1/containers/{username}/terminal`. */
export const fetchFiles = defineTool({
  name: "fetch_files",
  title: "Fetch files",
  description: "Download a folder or file, such as results, from a container into a local " +
    "folder: what changed. Call again while complete is false.",
  effect: "destroy",
  idempotent: true,
  reach: "container",
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    remote: remote.describe("In the container, e.g. ~/work/out"),
    local: local.describe("Absolute path of a folder on this machine"),
  }),
  output: z.strictObject(transferFields),

  consent: async ({ username, remote, local }, { client, signal }) => {
    const target = await targetIn(await writableFolder(local));
    const container = await client.containers.find(username, { signal });
    const replaced = await client.files.findReplacements(username, remote, target, { signal });
    const agreed: Agreed = { container, replaced };
    if (replaced.length === 0) return { agreed };
    const count = `${replaced.length} ${replaced.length === 1 ? "file" : "files"}`;
    return {
      question: {
        message: `Replace ${count} in ${quoted(local)} on this machine by those of ${
          quoted(remote)
        } in ${containerName(username)}?\n${askedPaths(replaced.map(({ path }) => path))}`,
        confirm: `Replace ${count}`,
      },
      agreed,
    };
  },

  run: async ({ username, remote, local }, context, agreed?: Agreed) => {
    const { client, signal } = context;
    if (agreed !== undefined) {
      const now = await client.containers.find(username, { signal });
      if (now !== undefined) refuseOther(now, agreed, "The replacement of files");
    }
    const before = await writableFolder(local);
    if (before.kind === "missing") await makeFolder(local);
    const target = await targetIn(await writableFolder(local));
    try {
      const result = await client.files.fetchFolder(username, remote, target, {
        signal,
        agreed: agreed?.replaced,
        stopAfterMs: STOP_AFTER_MS,
        onProgress: byteReporter("received", username, context),
      });
      return transferAnswer(result, result.skipped);
    } finally {
      await target.close();
    }
  },

  render: ({ next, ...rest }) =>
    [renderTransfer("fetched", rest), next === undefined ? "" : `Next: ${next}`]
      .filter((part) => part !== "").join("\n"),

  longestSeconds: () => LONGEST_SECONDS,
});

/** What a user agreed to. */
interface Agreed {
  readonly container: Container | undefined;
  readonly replaced: readonly Replacement[];
}

/** What writes to the disk is loaded when it is first needed. */
async function targetIn({ path }: GrantedPlace) {
  const { LocalTarget } = await import("./local_target.ts");
  return new LocalTarget(path);
}

async function makeFolder(local: string): Promise<void> {
  try {
    await Deno.mkdir(local, { recursive: true });
  } catch (error) {
    throw unusable(local, error);
  }
}

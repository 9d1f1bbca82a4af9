import { z } from "zod";
import { containerName } from "../../client/internal.ts";
import { changeFields } from "../change.ts";
import { stillDeleting } from "../grace/grace_words.ts";
import { diskWarningsOf, distinctWarnings } from "../host/limits.ts";
import { waitSeconds } from "../fields.ts";
import { waitForPort } from "./port_probe.ts";
import { containerAnswer, renderContainer, username } from "../schemas.ts";
import { defineTool } from "../tool.ts";

const portAnswer = z.strictObject({
  port: z.number().describe("TCP port"),
  open: z.boolean().optional()
    .describe("Whether something listens on it; absent: unknown, no command can be run in it"),
  waited_seconds: z.number().describe("How long it was waited for at most"),
});

/** Starts one container; `POST /v1/containers/{username}/start`. */
export const startContainer = defineTool({
  name: "start_container",
  title: "Start container",
  description: "Start (boot, turn on) a stopped container and wait for its address. A running " +
    "one is left as it is.",
  effect: "write",
  idempotent: true,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username,
    wait_for_port: z.int().min(1).max(65_535).optional()
      .describe("Wait until this TCP port is open in it"),
    wait_seconds: waitSeconds.describe("How long to wait for it"),
  }),
  output: z.strictObject({
    ...changeFields,
    port: portAnswer.optional().describe("Answer to wait_for_port"),
  }),

  run: async (args, { client, signal, progress }) => {
    const { username, wait_for_port: port, wait_seconds: seconds } = args;
    const { changed, container } = await client.containers.start(username, { signal });
    if (port !== undefined) progress(1, 2, `Waiting for port ${port}`);
    const isOpen = port === undefined
      ? undefined
      : await waitForPort(client, container, { port, seconds, signal });
    return {
      changed,
      container: containerAnswer(container),
      port: port === undefined ? undefined : { port, waited_seconds: seconds, open: isOpen },
      warnings: distinctWarnings([
        ...stillDeleting(container),
        ...await diskWarningsOf(container, client, { signal }),
      ]),
    };
  },

  render: ({ changed, container, port, warnings = [] }) =>
    [
      `${containerName(container.username)}: ${changed ? "started" : "it was already running"}.`,
      renderContainer(container),
      ...(port === undefined ? [] : [renderPort(port)]),
      ...warnings,
    ].join("\n"),
});

function renderPort({ port, open, waited_seconds: seconds }: z.infer<typeof portAnswer>): string {
  switch (open) {
    case true:
      return `Port ${port} is open: something listens on it.`;
    case false:
      return `Port ${port} is not open: nothing listened on it within ${seconds} s. get_logs may ` +
        "show why.";
    case undefined:
      return `Whether port ${port} is open is unknown: no command can be run in it. run_command ` +
        "says why.";
  }
}

import { containerName, visible } from "../../client/internal.ts";
import { z } from "zod";
import type { AgreedContainer, Container, MoveResult } from "../../client/mod.ts";
import { waitSeconds } from "../fields.ts";
import { unlessEmpty } from "../lean.ts";
import { container, containerAnswer, username } from "../schemas.ts";
import { deletionAfterStop, startsDeletion } from "../containers/stop_deletion.ts";
import { quoted } from "../text/quoted.ts";
import { type ConsentQuestion, type ConsentRequest, defineTool } from "../tool.ts";

const output = z.strictObject({
  username: z.string().describe("Owner of the container"),
  moved: z.boolean().describe(
    "False: still in progress; call again with the same arguments to keep waiting",
  ),
  from: z.string().optional().describe("Backend it was on, once it is moved"),
  backend: z.string().describe("Target backend"),
  downtime_seconds: z.number().optional()
    .describe("Downtime; absent if the daemon's response was lost"),
  iterations: z.number().optional().describe("Rounds of copying"),
  left_behind: z.boolean().optional()
    .describe("True: the old backend still lists it too; absent: false"),
  container: container.optional().describe("The container, as its new host reports it"),
});

type Output = z.output<typeof output>;

/** Moves a container to another host; `POST /v1/containers/{username}/move`. */
export const moveContainer = defineTool({
  name: "move_container",
  title: "Move container",
  description: "Move (migrate) a container from the local host to another backend. Takes " +
    "minutes; it is stopped for the last seconds, and its address changes.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  role: "admin",
  input: z.strictObject({
    username,
    backend: z.string().min(1).describe("Target host, from list_backends"),
    max_iterations: z.int().min(1).max(10).optional()
      .describe("Rounds of copying before it is stopped; default: 3"),
    wait_seconds: waitSeconds.describe("How long to wait; it continues after that"),
  }),
  output,

  consent: async (args, { client, signal }): Promise<ConsentRequest<AgreedContainer>> => {
    const { username, backend } = args;
    const container = client.backends.isMoving(username, backend)
      ? undefined
      : await client.containers.findWhole(username, { signal });
    if (container === undefined) return { agreed: {} };
    return { question: moveQuestion(args, container), agreed: { container } };
  },

  run: async (args, { client, signal, progress }, agreed) => {
    const { username, backend, max_iterations: maxIterations, wait_seconds: waitSeconds } = args;
    progress(0, 2, `Moving ${containerName(username)} to ${visible(backend)}`);
    const result = await client.backends.move(username, backend, {
      signal,
      waitMs: waitSeconds * 1_000,
      agreed,
      maxIterations,
    });
    if (result.kind === "moved") {
      progress(2, 2, `${containerName(username)} is on ${visible(backend)}`);
    }
    return { username, ...answerOf(result, visible(backend)) };
  },

  render: (answer) => {
    const { username, moved, backend, from, left_behind: isLeftBehind, container } = answer;
    if (!moved || container === undefined) {
      return `Still moving ${
        containerName(username)
      } to ${backend}; this continues while this server runs. ` +
        "Next: repeat this call to keep waiting; it reports a failure, too";
    }
    const lines = [
      `Moved ${containerName(username)} from ${from} to ${backend}: ${container.state}, ${
        facts(answer)
      }.`,
    ];
    if (isLeftBehind === true) {
      lines.push(`${from} still lists it, too: that host's operator should check.`);
    }
    lines.push(
      "Its SSH keys and address may have changed; commands, logs and snapshots reach it only " +
        `through ${backend}'s own daemon.`,
    );
    return lines.join("\n");
  },
});

function moveQuestion(
  { username, backend }: { readonly username: string; readonly backend: string },
  container: Container,
): ConsentQuestion | undefined {
  if (!startsDeletion(container)) return undefined;
  const name = containerName(username);
  return {
    message: `Move ${name} to ${quoted(backend)}? It is stopped for the last part, which ` +
      `starts its deletion (${deletionAfterStop(container)}): if it cannot be started there in ` +
      "time, it is lost.",
    confirm: `Move ${name}`,
  };
}

function facts({ container, downtime_seconds: downtime }: Output): string {
  return [
    container?.ip_address === undefined ? "no address yet" : `address ${container.ip_address}`,
    downtime === undefined ? "the daemon's response was lost" : `down for ${downtime} s`,
  ].join(", ");
}

function answerOf(
  result: MoveResult,
  backend: string,
): Omit<z.input<typeof output>, "username"> {
  switch (result.kind) {
    case "moving":
      return { moved: false, backend };
    case "moved":
      return {
        moved: true,
        from: visible(result.from),
        backend,
        downtime_seconds: result.downtimeSeconds,
        iterations: result.iterations,
        left_behind: unlessEmpty(result.isLeftBehind),
        container: containerAnswer(result.container),
      };
  }
}

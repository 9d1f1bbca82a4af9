import { z } from "zod";
import { type ContainerState, parseDuration } from "../../client/mod.ts";
import { container, containerAnswer, newUsername, renderContainer } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { cpu, disk, labels, memory, sshPublicKey, ttl, waitSeconds } from "./limits.ts";

const steps: Readonly<Partial<Record<ContainerState, number>>> = {
  creating: 1,
  provisioning: 2,
  running: 3,
};

/** Creates a container and waits until it is ready; `POST /v1/containers`. */
export const createContainer = defineTool({
  name: "create_container",
  title: "Create container",
  description: "Create a user's Linux container and wait until it is ready. One a user. " +
    "Usually seconds; minutes where the host has to download the image.",
  effect: "write",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({
    username: newUsername,
    cpu: cpu.default("4"),
    memory: memory.default("4GB"),
    disk: disk.default("50GB"),
    ssh_keys: z.array(sshPublicKey).max(32).optional()
      .describe("SSH public keys that may log in; without one nobody can"),
    image: z.string().min(1).default("images:ubuntu/24.04").describe("Image to build it from"),
    os: z.enum(["ubuntu_2404", "rocky_9", "rhel_9", "windows_2022"]).optional()
      .describe("Operating system; takes the place of image"),
    labels: labels.optional().describe('Labels, e.g. {"team": "dev"}'),
    ttl: ttl.optional().describe("Deleted after this long, at most 7d, e.g. 8h; never when absent"),
    enable_docker: z.boolean().default(true)
      .describe("Allow containers inside it (Podman with Docker's commands)"),
    wait_seconds: waitSeconds.describe("Wait so long until it is ready; it goes on after that"),
  }),
  output: z.strictObject({
    ready: z.boolean().describe("False: still being created; get_container tells when"),
    container,
    ignored: z.array(z.enum(["labels", "ttl"])).describe("Asked for, but the daemon is too old"),
  }),

  run: async (args, { client, signal, progress }) => {
    const ttlSeconds = args.ttl === undefined ? undefined : parseDuration(args.ttl);
    const created = await client.containers.create({
      username: args.username,
      cpu: args.cpu,
      memory: args.memory,
      disk: args.disk,
      sshKeys: args.ssh_keys ?? [],
      image: args.image,
      ...(args.os === undefined ? {} : { os: args.os }),
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
      labels: args.labels ?? {},
      enablePodman: args.enable_docker,
      waitMs: args.wait_seconds * 1_000,
      signal,
      onState: (state) => progress(steps[state] ?? 1, 3, `${args.username}-container: ${state}`),
    });
    const { ready, ignored } = created;
    return { ready, container: containerAnswer(created.container), ignored: [...ignored] };
  },

  render: ({ ready, container, ignored }) => {
    const lines = [ready ? "Created." : howToGoOn(container), renderContainer(container)];
    if (ignored.length > 0) {
      lines.push(`Not set, since this daemon is too old for it: ${ignored.join(", ")}`);
    }
    return lines.join("\n");
  },
});

function howToGoOn({ state, username }: z.output<typeof container>): string {
  switch (state) {
    case "stopped":
      return `It was stopped before it was ready. Next: start_container(username="${username}")`;
    case "frozen":
      return `It was frozen (paused) before it was ready. Next: ` +
        `stop_container(username="${username}", force=true), then start_container`;
    default:
      return `Still ${state}, which goes on by itself. Next: ` +
        `get_container(username="${username}", wait_for="running", wait_seconds=25)`;
  }
}

import { z } from "zod";
import type { ContainerState } from "../../client/mod.ts";
import { container, containerAnswer, newUsername, renderContainer } from "../schemas.ts";
import { defineTool } from "../tool.ts";
import { cpu, disk, memory, sshPublicKey } from "./limits.ts";

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
  scopes: ["containers:write"],
  input: z.strictObject({
    username: newUsername,
    cpu: cpu.default("4"),
    memory: memory.default("4GB"),
    disk: disk.default("50GB"),
    ssh_keys: z.array(sshPublicKey).max(32).optional()
      .describe("SSH public keys that may log in; without one nobody can"),
    image: z.string().min(1).default("images:ubuntu/24.04").describe("Image to build it from"),
    enable_docker: z.boolean().default(true)
      .describe("Allow containers inside it (Podman with Docker's commands)"),
  }),
  output: z.strictObject({
    ready: z.boolean().describe("False: still being created; get_container tells when"),
    container,
  }),

  run: async (args, { client, signal, progress }) => {
    const created = await client.containers.create({
      username: args.username,
      cpu: args.cpu,
      memory: args.memory,
      disk: args.disk,
      sshKeys: args.ssh_keys ?? [],
      image: args.image,
      enablePodman: args.enable_docker,
      signal,
      onState: (state) => progress(steps[state] ?? 1, 3, `${args.username}-container: ${state}`),
    });
    return { ready: created.ready, container: containerAnswer(created.container) };
  },

  render: ({ ready, container }) =>
    `${
      ready
        ? "Created."
        : `Still ${container.state}. Call get_container(username="${container.username}") in a while.`
    }\n${renderContainer(container)}`,
});

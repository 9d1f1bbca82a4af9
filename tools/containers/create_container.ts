import { z } from "zod";
import type { ContainerState } from "../../client/mod.ts";
import { container, containerAnswer, newUsername, renderContainer } from "../schemas.ts";
import {
  notRun,
  type PostCreateAnswer,
  postCreateAnswer,
  renderPostCreate,
  runPostCreate,
} from "../templates/post_create.ts";
import { defineTool } from "../tool.ts";
import { carryOutCreation, demandsOf } from "./carry_out.ts";
import { creationFields, resolveCreation } from "./creation.ts";
import { waitSeconds } from "./limits.ts";

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
    ...creationFields,
    wait_seconds: waitSeconds.describe("Wait so long until it is ready; it goes on after that"),
  }),
  output: z.strictObject({
    ready: z.boolean().describe("False: still being created; get_container tells when"),
    container,
    post_create: postCreateAnswer.describe("What the template's commands did"),
    ignored: z.array(z.enum(["labels", "ttl"])).describe("Asked for, but not set by the daemon"),
  }),

  run: async ({ username, wait_seconds: waitSeconds, ...said }, context) => {
    const { client, policy, quotas, signal, progress } = context;
    const creation = resolveCreation(username, said, await policy());
    using room = await quotas.take(client, await demandsOf([creation], client, { signal }), {
      signal,
    });
    const created = await carryOutCreation(creation, room, client, {
      waitMs: waitSeconds * 1_000,
      signal,
      onState: (state) => progress(steps[state] ?? 1, 3, `${username}-container: ${state}`),
    });
    const { ready, ignored } = created;
    const { postCreate } = creation;
    return {
      ready,
      container: containerAnswer(created.container),
      post_create: ready ? await runPostCreate(username, postCreate, context) : notRun(postCreate),
      ignored: [...ignored],
    };
  },

  render: ({ ready, container, post_create: postCreate, ignored }) => {
    const lines = [ready ? "Created." : howToGoOn(container), renderContainer(container)];
    if (ignored.length > 0) {
      lines.push(
        `Not set: the daemon is too old for it, or does not pass it on to another host: ${
          ignored.join(", ")
        }`,
      );
    }
    if (postCreate.length > 0) lines.push(renderPostCreate(postCreate), ...afterwards(postCreate));
    return lines.join("\n");
  },
});

function afterwards(postCreate: PostCreateAnswer): readonly string[] {
  return postCreate.some(({ exit_code: code }) => code !== 0)
    ? ["Next: run_command what failed and what was not run, in this order, when it is running"]
    : [];
}

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

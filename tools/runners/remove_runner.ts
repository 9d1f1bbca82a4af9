import { containerName, notAgreed, protectedError, refuseOther } from "../../client/internal.ts";
import { z } from "zod";
import { ContainariumError, type Container } from "../../client/mod.ts";
import { afterChange } from "../after_change.ts";
import { deleteContainer } from "../containers/delete_container.ts";
import { username } from "../schemas.ts";
import { type ConsentRequest, defineTool, type ToolContext } from "../tool.ts";
import { needGitHub, targetOf } from "./runner_label.ts";

/** Removes a runner at GitHub, and its container. */
export const removeRunner = defineTool({
  name: "remove_runner",
  title: "Remove runner",
  description: "Deregister a CI runner at GitHub and delete its container.",
  effect: "destroy",
  idempotent: false,
  scopes: ["containers:read", "containers:write"],
  input: z.strictObject({ username }),
  output: z.strictObject({
    deregistered: z.boolean().describe("False: GitHub did not know it"),
    ...deleteContainer.output.shape,
  }),

  consent: async (args, context): Promise<ConsentRequest<AgreedRemoval>> => {
    const container = await runnerContainer(args.username, context);
    const { question, agreed } = await deleteContainer.consent?.(deletionOf(args), context) ?? {};
    // It will be refused.
    if (container.isProtected) return { agreed: { container, deletion: agreed } };
    const first = `Deregister the runner ${args.username} at GitHub (${targetOf(container)})`;
    const back = " undelete_container does not register it again.";
    return {
      question: question === undefined
        ? {
          message: `${first}? Its container is deleted already;${back}`,
          confirm: "Deregister it",
        }
        : {
          message: `${first}. ${question.message}${agreed?.graceSeconds === undefined ? "" : back}`,
          confirm: `Deregister it, and: ${question.confirm}`,
        },
      agreed: { container, deletion: agreed },
    };
  },

  run: async (args, context, agreed) => {
    const { username } = args;
    const { signal } = context;
    const container = await runnerContainer(username, context);
    // Checked before GitHub is, which has no way back.
    if (container.isProtected) throw protectedError(username);
    if (agreed !== undefined) {
      refuseOther(container, { container: agreed.container }, `The removal of ${username}`);
      if (targetOf(container) !== targetOf(agreed.container)) {
        throw notAgreed(`${username} is said to be a runner of another repository than was agreed`);
      }
    }
    const github = needGitHub(context.github);
    const repo = targetOf(container) ?? "";
    const runner = (await github.runners(repo, { signal })).find(({ name }) => name === username);
    if (runner !== undefined) await github.removeRunner(repo, runner.id, { signal });
    const remove = () => deleteContainer.run(deletionOf(args), context, agreed?.deletion);
    const deleted = runner === undefined
      ? await remove()
      : await afterChange("it was deregistered at GitHub", remove);
    return { deregistered: runner !== undefined, ...deleted };
  },

  render: ({ deregistered, ...deleted }) =>
    [
      deregistered ? "Deregistered at GitHub." : "GitHub did not know it.",
      deleteContainer.render(deleted),
    ].join("\n"),
});

/** What the user agreed to lose. */
interface AgreedRemoval {
  readonly container: Container;
  readonly deletion: Parameters<typeof deleteContainer.run>[2];
}

function deletionOf({ username }: { readonly username: string }) {
  return deleteContainer.input.parse({ username });
}

async function runnerContainer(
  username: string,
  { client, signal }: ToolContext,
): Promise<Container> {
  const container = await client.containers.get(username, { signal });
  if (targetOf(container) !== undefined) return container;
  throw new ContainariumError(
    "failed_precondition",
    `${containerName(username)} is no runner: it was not made by provision_runners`,
  );
}

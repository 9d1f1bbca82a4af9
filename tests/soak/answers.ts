/** What an answer says, held to what is so. @module */
import { isObject } from "../../server/json.ts";
import type { Move } from "./moves.ts";
import type { CallOutcome } from "./soak_client.ts";
import type { Facts } from "./world.ts";

/** Returns the state of the container that an answer is about. */
export function stateIn({ container }: CallOutcome["content"]): unknown {
  return isObject(container) ? container.state : undefined;
}

/** Returns whether what a call answered is so. */
export function isTrue(
  { tool, args }: Pick<Move, "tool" | "args">,
  { content, text }: Pick<CallOutcome, "content" | "text">,
  { username, state, team, snapshots = [] }: Facts & { readonly username: string },
): boolean {
  const said = JSON.stringify(content);
  switch (tool) {
    case "get_container":
      return said.includes(`"${username}"`) && said.includes(`"${state}"`);
    case "list_containers":
      return said.includes(`"${username}"`) === (team !== undefined);
    case "list_snapshots":
      return snapshots.every((name) => said.includes(`"${name}"`));
    case "run_command": {
      const [, nonce = ""] = /echo (\d+)/.exec(String(args.command)) ?? [];
      return text.includes(nonce) && said.includes(":3");
    }
    default:
      return true;
  }
}

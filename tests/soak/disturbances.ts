/** What goes wrong in the middle of a call, beside its requests. @module */
import type { Move } from "./moves.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** One that is waiting for its moment. */
export interface Disturbance {
  /** What it is; undefined: nothing. */
  readonly name?: string;
  /** Calls it off; resolves once it is over, if it had begun. */
  end(): Promise<void>;
}

const nothing: Disturbance = { end: () => Promise.resolve() };

/** Draws one for a call that is about to be made. */
export function disturb(
  world: World,
  username: string,
  { tool }: Pick<Move, "tool">,
  random: Random,
): Disturbance {
  if (tool === "run_command" && random.chance(0.2)) {
    const timer = setTimeout(() => world.dropTerminals(username), random.below(300));
    return {
      name: "terminal dropped",
      end: () => {
        clearTimeout(timer);
        return Promise.resolve();
      },
    };
  }
  if (tool === "create_container" && random.chance(0.1)) {
    return restartDuring(world, username, random.pick("creating", "provisioning"));
  }
  return nothing;
}

/** Restarts the daemon when it is at that phase of a creation. */
function restartDuring(
  world: World,
  username: string,
  phase: "creating" | "provisioning",
): Disturbance {
  const held = world.daemon.holdPhase(phase, username);
  let isOver = false;
  let restart: Promise<void> | undefined;
  held.reached.then(() => {
    if (!isOver) restart = world.restart();
  });
  return {
    name: `daemon restarted at ${phase}`,
    end: async () => {
      isOver = true;
      // A later creation is not held.
      held.release();
      await restart;
    },
  };
}

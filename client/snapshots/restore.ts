import { containerName } from "../containers/username.ts";
import { expiryOf } from "../async/call_deadline.ts";
import { afterWrite } from "../transport/after_write.ts";
import type { Container } from "../containers/container.ts";
import type { Containers } from "../containers/containers.ts";
import type { CallOptions } from "../async/call_options.ts";
import { delay } from "../async/delay.ts";
import { ContainariumError, restate } from "../errors.ts";
import { type RestorePlan, unagreedLoss } from "./restore_plan.ts";
import type { RollbackOptions, RollbackResult } from "./rollback.ts";

/** One step of a restore. */
export type RestoreStep = "stop" | "rollback" | "start";

/** How to restore a container. `signal` and `timeoutMs` take effect between two steps only. */
export interface RestoreOptions extends CallOptions {
  /**
   * Whether to start it again if it was running.
   *
   * @default {true}
   */
  readonly start?: boolean | undefined;
  /**
   * Whether to destroy newer snapshots, which ZFS demands for a rollback past them.
   *
   * @default {false}
   */
  readonly discardNewer?: boolean | undefined;
  /**
   * What the user agreed to lose. The restore is refused if it would lose more.
   *
   * @default The current state
   */
  readonly agreed?: RestorePlan | undefined;
  /** Called before each step, with the list of steps. */
  readonly onStep?: ((step: RestoreStep, steps: readonly RestoreStep[]) => void) | undefined;
}

/** Result of a restore. */
export interface RestoreResult {
  /** What was done. */
  readonly steps: readonly RestoreStep[];
  /** The names of the newer snapshots that were destroyed. */
  readonly discarded: readonly string[];
  /** The container afterwards. */
  readonly container: Container;
}

/** The client's own calls. */
export interface RestoreCalls {
  /** Rolls back. */
  readonly rollBack: (options: RollbackOptions) => Promise<RollbackResult>;
  /** Reads again what would be lost. */
  readonly planAgain: () => Promise<RestorePlan>;
}

/** A write whose response was lost may still be running. A rollback takes less than this. */
const SETTLE_MS = 2_000;

/** Executes a restore plan. */
export class Restoration {
  readonly #containers: Containers;
  readonly #username: string;
  readonly #plan: RestorePlan;
  readonly #options: RestoreOptions;
  readonly #calls: RestoreCalls;
  readonly #done: RestoreStep[] = [];

  /** @param plan The plan, just read */
  constructor(
    containers: Containers,
    username: string,
    plan: RestorePlan,
    calls: RestoreCalls,
    options: RestoreOptions,
  ) {
    this.#containers = containers;
    this.#username = username;
    this.#plan = plan;
    this.#calls = calls;
    this.#options = options;
  }

  /**
   * Stops it if it runs, rolls it back, and starts it again. Cancellation is honored only between
   * steps: an interrupted write leaves the state unknown, and each takes about a second.
   */
  async run(): Promise<RestoreResult> {
    let discarded: readonly string[] = [];
    for (const step of this.#steps) {
      this.#options.onStep?.(step, this.#steps);
      try {
        this.#stopIfCancelled(step);
        const result = await this.#take(step);
        discarded = result?.discarded ?? discarded;
      } catch (error) {
        throw await this.#withState(error, step);
      }
      this.#done.push(step);
    }
    const container = await afterWrite(
      `The rollback of ${containerName(this.#username)}`,
      () => this.#containers.getWhole(this.#username),
    );
    return { steps: this.#done, discarded, container };
  }

  get #steps(): readonly RestoreStep[] {
    if (!this.#plan.isRunning) return ["rollback"];
    return this.#isToStart ? ["stop", "rollback", "start"] : ["stop", "rollback"];
  }

  get #isToStart(): boolean {
    return this.#plan.isRunning && this.#options.start !== false;
  }

  /** After the rollback the container is started even if the caller has given up. */
  #stopIfCancelled(step: RestoreStep): void {
    if (this.#options.signal?.aborted !== true || step === "start") return;
    const expiry = expiryOf(this.#options.signal);
    if (expiry !== undefined) {
      throw restate(expiry, `Not begun with the ${step}: ${expiry.message}`);
    }
    throw new ContainariumError("cancelled", `Cancelled before the ${step}`);
  }

  async #take(step: RestoreStep): Promise<RollbackResult | undefined> {
    switch (step) {
      case "stop":
        await this.#stop();
        return undefined;
      case "rollback":
        await this.#refuseMore();
        // Without force: if others started it in between, it is refused.
        return await this.#calls.rollBack({ discardNewer: this.#plan.newer.length > 0 });
      case "start":
        await this.#start();
        return undefined;
    }
  }

  /** During the stop others may have taken snapshots, which the rollback would destroy. */
  async #refuseMore(): Promise<void> {
    const problem = unagreedLoss(
      await this.#calls.planAgain(),
      this.#options.agreed ?? this.#plan,
    );
    if (problem === undefined) return;
    throw new ContainariumError("failed_precondition", problem, {
      reason: "changed_since_agreed",
    });
  }

  /** Kills it: what it would still write is lost anyway, and a frozen one cannot shut down. */
  async #stop(): Promise<void> {
    const { container } = await this.#containers.stop(this.#username, { force: true });
    if (container.state === "stopped") return;
    throw new ContainariumError(
      "failed_precondition",
      `The daemon says that it stopped ${
        containerName(this.#username)
      }, which is ${container.state}`,
    );
  }

  async #start(): Promise<Container> {
    const isAwaited = this.#options.signal?.aborted !== true;
    const options = isAwaited ? {} : { addressTimeoutMs: 0 };
    return (await this.#containers.start(this.#username, options)).container;
  }

  /** The daemon may have stopped the container and then refused, so read its state. */
  async #withState(error: unknown, failed: RestoreStep): Promise<unknown> {
    if (!(error instanceof ContainariumError)) return error;
    const isLost = error.code === "ambiguous";
    const stoppedByUs = this.#done.includes("stop") || (failed === "stop" && isLost);
    const isToStart = this.#isToStart && stoppedByUs && failed !== "start";
    if (isLost && isToStart) await delay(SETTLE_MS);
    const rolledBack = this.#done.includes("rollback")
      ? `It was rolled back to "${this.#plan.snapshot.name}"`
      : isLost && failed === "rollback"
      ? "Whether it was rolled back is not known"
      : "It was not rolled back";
    const message = `${error.message}. ${rolledBack}, and ${await this.#stateNow(isToStart)}`;
    return restate(error, message);
  }

  /** Reads the state, and starts the container if it was left stopped. */
  async #stateNow(isToStart: boolean): Promise<string> {
    try {
      const { state } = await this.#containers.get(this.#username);
      return state === "stopped" && isToStart ? await this.#startAgain() : `it is ${state} now`;
    } catch (error) {
      if (!(error instanceof ContainariumError)) throw error;
      if (error.code === "not_found") return "it is gone now";
      return `its state could not be read (${error.message})`;
    }
  }

  async #startAgain(): Promise<string> {
    try {
      return `it has been started again: it is ${(await this.#start()).state} now`;
    } catch (error) {
      if (!(error instanceof ContainariumError)) throw error;
      return `it is stopped now, since it could not be started again (${error.message})`;
    }
  }
}

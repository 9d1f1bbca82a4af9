import type { CallOptions } from "../call_options.ts";
import type { ContainerState, Limits } from "../containers/container.ts";

/** What to deploy, and for whom. Limits that are left out are the recipe's, else the daemon's. */
export interface DeployOptions extends CallOptions, Limits {
  /** Whose container it becomes: lower-case letters, digits and dashes, at most 32. */
  readonly username: string;
  /** What the recipe is told. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The GPU of the host that it may use, by index or PCI address. */
  readonly gpu?: string;
  /** Labels of the container. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * How many milliseconds to wait until the container is there; the deployment goes on after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number;
  /** Told each new state while waiting; nothing as long as there is no container to be seen. */
  readonly onState?: (state: ContainerState | undefined) => void;
  /**
   * Asked right before it is sent, with the limits that the container will have; what it throws refuses
   * the deployment.
   *
   * @default {Nothing is asked}
   */
  readonly admit?: (limits: Required<Limits>) => Promise<Admission>;
}

/** Leave to send a deployment; disposed of when the daemon has answered, or nothing was sent. */
export interface Admission extends Disposable {
  /** Sends it and waits for the answer, which may take longer than the caller waits. */
  hold<T>(send: () => Promise<T>): Promise<T>;
}

import type { CallOptions } from "../async/call_options.ts";
import type { ContainerState, Limits } from "../containers/container.ts";

/** How to wait for a deployment. */
export interface DeployWaitOptions extends CallOptions {
  /**
   * Milliseconds to wait until the container exists. The deployment continues after that.
   *
   * @default {600_000}
   */
  readonly waitMs?: number | undefined;
  /** Called with each new state while waiting; `undefined` until the daemon lists the container. */
  readonly onState?: ((state: ContainerState | undefined) => void) | undefined;
}

/** What to deploy, and for whom. Limits that are left out are the recipe's, else the daemon's. */
export interface DeploySpec extends Limits {
  /** Owner of the container: lower-case letters, digits and dashes, at most 32. */
  readonly username: string;
  /** Parameters of the recipe. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** The GPU of the host that it may use, by index or PCI address. */
  readonly gpu?: string | undefined;
  /** Labels of the container. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What to deploy, for whom, and how to wait for it. */
export interface DeployOptions extends DeploySpec, DeployWaitOptions {}

import type { Container, ContainerMetrics } from "../client/mod.ts";
import { once } from "./once.ts";
import type { ToolContext } from "./tool.ts";

/** Facts that the states of several resources need, read once for all that are checked together. */
export class SharedReads {
  /** Returns every container. */
  readonly containers: () => Promise<readonly Container[]>;
  /** Returns what every container uses. */
  readonly metrics: () => Promise<readonly ContainerMetrics[]>;

  /** @param context Client and signal */
  constructor({ client, signal }: Pick<ToolContext, "client" | "signal">) {
    this.containers = once(() => client.containers.list({ signal }));
    this.metrics = once(() => client.metrics.list({ signal }));
  }

  /** Returns one container, if there is one; the first if two hosts have one, during a move. */
  async container(username: string): Promise<Container | undefined> {
    return (await this.containers()).find((container) => container.username === username);
  }
}

import type { Container, ContainerMetrics } from "../client/mod.ts";
import { once } from "./once.ts";
import type { ToolContext } from "./tool.ts";

/** What the states of many resources are made of, read once for all that are looked at together. */
export class SharedReads {
  /** Returns every container. */
  readonly containers: () => Promise<readonly Container[]>;
  /** Returns what every container uses. */
  readonly metrics: () => Promise<readonly ContainerMetrics[]>;

  /** @param context Gives the client and the signal */
  constructor({ client, signal }: Pick<ToolContext, "client" | "signal">) {
    this.containers = once(() => client.containers.list({ signal }));
    this.metrics = once(() => client.metrics.list({ signal }));
  }

  /** Returns one container, if there is one; where two hosts have one, during a move, the first. */
  async container(username: string): Promise<Container | undefined> {
    return (await this.containers()).find((container) => container.username === username);
  }
}

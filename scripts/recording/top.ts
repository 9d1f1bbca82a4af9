/** The screen of `mcp-server top`, with a simulated daemon whose containers are at work. @module */
import { UserTerminal } from "../../tests/cli/user_terminal.ts";
import { type Daemon, startDaemon } from "../../tests/daemon/mod.ts";

/** Columns of the terminal. */
export const TOP_COLS = 90;
const READINGS = 14;
const MB = 1_000_000;

/** What a container uses: each second so much more CPU and network, from the first second on. */
interface Load {
  readonly username: string;
  readonly memory: string;
  readonly disk: string;
  readonly cpuSeconds: (second: number) => number;
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly networkMb: (second: number) => number;
}

const loads: readonly Load[] = [
  {
    username: "ci-1",
    memory: "8GB",
    disk: "50GB",
    cpuSeconds: (second) => 2.2 * second + 6 * Math.sin(second / 4),
    memoryMb: 6_310,
    diskMb: 31_400,
    networkMb: (second) => 2 * second + 6 * Math.cos(second / 3),
  },
  {
    username: "alice",
    memory: "4GB",
    disk: "20GB",
    cpuSeconds: (second) => second * second / 20,
    memoryMb: 1_480,
    diskMb: 16_900,
    networkMb: (second) => second * second / 20,
  },
  {
    username: "bob",
    memory: "2GB",
    disk: "10GB",
    cpuSeconds: (second) => second * 0.2,
    memoryMb: 212,
    diskMb: 2_650,
    networkMb: (second) => 0.02 * second,
  },
];

/** Watches the containers for a while; returns what the screen then showed. */
export async function recordTop(): Promise<string> {
  await using daemon = await startDaemon({
    containers: loads.map(({ username, memory, disk }) => ({
      username,
      resources: { cpu: "4", memory, disk },
    })),
  });
  letThemWork(daemon);
  await using user = await UserTerminal.start(daemon, ["top", "--interval", "1"], {
    cols: TOP_COLS,
    rows: 24,
  });
  // The last reading's line is full.
  const shown = await user.waitFor(/^ci-1 .*% {2}[\u2581-\u2588]{12} /m);
  await user.type("q");
  await user.waitFor("exit code 0");
  return shown;
}

/** Answers the readings of metrics: the simulator's own containers all use the same. */
function letThemWork(daemon: Daemon): void {
  for (let second = 1; second <= READINGS; second++) {
    const metrics = loads.map((load) => ({
      name: `${load.username}-container`,
      cpuUsageSeconds: String(Math.floor(load.cpuSeconds(second) + 100)),
      memoryUsageBytes: String(load.memoryMb * MB),
      memoryPeakBytes: String(load.memoryMb * MB),
      diskUsageBytes: String(load.diskMb * MB),
      networkRxBytes: String(Math.floor((load.networkMb(second) + 100) * MB)),
      networkTxBytes: "0",
      processCount: 8,
    }));
    daemon.inject({
      kind: "answer",
      status: 200,
      body: JSON.stringify({ metrics }),
      times: 1,
      path: /metrics/,
    });
  }
}

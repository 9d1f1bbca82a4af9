/**
 * `make picture`: writes docs/fleet.png, the view of a simulated daemon's containers as a host shows it. Needs
 * Chromium and, for the log, `script`.
 *
 * @module
 */
import { type JournalEntry, startDaemon, whyNoPty } from "../tests/daemon/mod.ts";
import { launchChromium, OpenView } from "../tests/tools/fleet_view/view_host.ts";

/** Of a real size, but for the limits: the simulator's containers use little. */
const containers = [
  { username: "alice", resources: { cpu: "2", memory: "40MB", disk: "1GB" } },
  { username: "bob", resources: { cpu: "1", memory: "2GB", disk: "300MB" } },
  { username: "carol", state: "CONTAINER_STATE_STOPPED" },
  {
    username: "ci-1",
    resources: { cpu: "4", memory: "25MB", disk: "50GB" },
    labels: { team: "ci" },
  },
] as const;

const time = new Date("2026-11-26T08:00:00Z");
const journal: readonly JournalEntry[] = [
  { time, message: "Started nginx.service", unit: "nginx.service", identifier: "systemd" },
  { time, message: "worker 7 done in 12 ms", unit: "app.service" },
  { time, message: "database is not reachable, trying again", unit: "app.service", priority: 3 },
  { time, message: "worker 8 done in 9 ms", unit: "app.service" },
];

async function takePicture(file: string): Promise<void> {
  const shell = await whyNoPty() === undefined ? { shell: { journal } } : {};
  await using daemon = await startDaemon({ containers, zfs: true, ...shell });
  const browser = await launchChromium();
  try {
    await using open = await OpenView.open(browser, daemon, {
      viewport: { width: 1100, height: 480 },
    });
    const { view, page } = open;
    await page.clock.install();
    await page.reload();
    await view.getByRole("button", { name: "alice" }).click();
    await view.locator("#log li").first().waitFor();
    // The CPU is known from the second reading on.
    await page.clock.runFor(10_000);
    await view.locator("td.use", { hasText: "% of 2 cores" }).waitFor();
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

await takePicture("docs/fleet.png");

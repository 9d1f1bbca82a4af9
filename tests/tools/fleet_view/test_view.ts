/** Tests of the view: a daemon, a server process, a host and a view for each step. @module */
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { present } from "../../../tools/present.ts";
import {
  type ContainerSeed,
  type Daemon,
  type ShellOptions,
  startDaemon,
} from "../../daemon/mod.ts";
import type { Named } from "../../needs.ts";
import { launchChromium, needingChromium, OpenView, type ViewOptions } from "./view_host.ts";

/** A container whose limits are low. */
export const alice: ContainerSeed = {
  username: "alice",
  resources: { cpu: "2", memory: "40MB", disk: "1GB" },
};
/** What it uses of its memory, in words. It grows a little each second. */
export const useOfAlice = /^2\d\.\d MB of 40\.0 MB$/;
/** One that is stopped. */
export const bob: ContainerSeed = { username: "bob", state: "CONTAINER_STATE_STOPPED" };
/** One with a label. */
export const carol: ContainerSeed = { username: "carol", labels: { team: "dev" } };
const three = [alice, bob, carol];

/** A test with a browser of its own, with a daemon and a view for each step. */
export function testView(
  { name, ignore }: Named,
  steps: Readonly<Record<string, ViewStep>>,
): void {
  Deno.test({
    ...(ignore ? { name, ignore } : needingChromium(name)),
    fn: async (t) => {
      const browser = await launchChromium();
      try {
        for (
          const [step, { containers = three, shell, run, ...options }] of Object.entries(steps)
        ) {
          await t.step(step, async () => {
            await using daemon = await startDaemon({
              containers,
              zfs: true,
              ...present({ shell }),
            });
            await using open = await OpenView.open(browser, daemon, options);
            await run(open, daemon, browser);
            await takePicture(open, `${name}: ${step}`);
            assertEquals(open.complaints, []);
          });
        }
      } finally {
        await browser.close();
      }
    },
  });
}

/** Keeps what the view shows at the end of a step where the environment names a folder for it. */
async function takePicture({ page }: OpenView, name: string): Promise<void> {
  const folder = Deno.env.get("SCREENSHOTS") ?? "";
  if (folder !== "") {
    await page.screenshot({ path: `${folder}/${name.replaceAll(/\W+/g, "_")}.png` });
  }
}

/** One step: a view, and what is done with it. */
export interface ViewStep extends ViewOptions {
  /** @default {three} */
  readonly containers?: readonly ContainerSeed[];
  /** What the terminals lead to. @default {No terminals} */
  readonly shell?: ShellOptions;
  readonly run: (open: OpenView, daemon: Daemon, browser: Browser) => Promise<void>;
}

/** The rows of the table as they are read. */
export async function rowsOf({ view }: OpenView): Promise<readonly (readonly string[])[]> {
  await view.locator("#rows tr").first().waitFor();
  const rows = await view.locator("#rows tr").all();
  return await Promise.all(
    rows.map(async (row) => {
      const cells = await row.locator("th, td").all();
      return await Promise.all(cells.map((cell) => cell.innerText()));
    }),
  );
}

/** Opens the details of a container. */
export async function openDetail({ view }: OpenView, username: string): Promise<void> {
  await view.getByRole("button", { name: username, exact: true }).click();
  await view.getByRole("heading", { name: `${username}-container` }).waitFor();
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds wrong, in words. */
export async function faultsOf(open: OpenView): Promise<readonly string[]> {
  await inView(open, axe.source);
  const found: { readonly violations: readonly Violation[] } = await inView(open, "axe.run()");
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
}

/** What an expression is in the view. */
export async function inView<T>({ page }: OpenView, expression: string): Promise<T> {
  const frame = page.frames().at(-1);
  assert(frame !== undefined);
  return await frame.evaluate(expression);
}

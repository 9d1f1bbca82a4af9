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
/** Its memory usage as text. It grows a little each second. */
export const useOfAlice = /^2\d\.\d MB of 40\.0 MB$/;
/** A stopped container. */
export const bob: ContainerSeed = { username: "bob", state: "CONTAINER_STATE_STOPPED" };
/** A container with a label. */
export const carol: ContainerSeed = { username: "carol", labels: { team: "dev" } };
const three = [alice, bob, carol];

/** Defines a test with its own browser, and a daemon and a view per step. */
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

/** Saves a screenshot at the end of a step if `SCREENSHOTS` names a folder. */
async function takePicture({ page }: OpenView, name: string): Promise<void> {
  const folder = Deno.env.get("SCREENSHOTS") ?? "";
  if (folder !== "") {
    await page.screenshot({ path: `${folder}/${name.replaceAll(/\W+/g, "_")}.png` });
  }
}

/** One step of a test. */
export interface ViewStep extends ViewOptions {
  /** @default {three} */
  readonly containers?: readonly ContainerSeed[];
  /** Shells behind the terminals. @default {No terminals} */
  readonly shell?: ShellOptions;
  readonly run: (open: OpenView, daemon: Daemon, browser: Browser) => Promise<void>;
}

/** Returns the rows of the table as text. */
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

/** Returns the violations that axe finds. */
export async function faultsOf(open: OpenView): Promise<readonly string[]> {
  await inView(open, axe.source);
  const found: { readonly violations: readonly Violation[] } = await inView(open, "axe.run()");
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
}

/** Evaluates an expression in the view. */
export async function inView<T>({ page }: OpenView, expression: string): Promise<T> {
  const frame = page.frames().at(-1);
  assert(frame !== undefined);
  return await frame.evaluate(expression);
}

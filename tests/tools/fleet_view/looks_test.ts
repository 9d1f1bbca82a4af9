/** Themes and accessibility of the view, from source and from the bundle, also with hostile text. */
import { assert, assertEquals } from "@std/assert";
import { builtPage } from "../../../scripts/bundle/built_page.ts";
import { toolNames } from "../../../tools/mod.ts";
import {
  alice,
  carol,
  faultsOf,
  inView,
  openDetail,
  rowsOf,
  testView,
  useOfAlice,
} from "./test_view.ts";
import type { OpenView } from "./view_host.ts";

/** Returns a computed style of the page. */
function painted(open: OpenView, property: string): Promise<string> {
  return inView(open, `getComputedStyle(document.body).${property}`);
}

const light = "rgb(255, 255, 255)";
const dark = "rgb(27, 29, 33)";

async function assertReadable(open: OpenView, background: string): Promise<void> {
  await openDetail(open, "alice");
  await open.view.getByText(useOfAlice).waitFor();
  assertEquals(await painted(open, "backgroundColor"), background);
  assertEquals(await faultsOf(open), []);
}

testView({ name: "the view's looks", ignore: false }, {
  "are light, and axe finds nothing wrong": { run: (open) => assertReadable(open, light) },
  "are dark where the system is, and axe finds nothing wrong": {
    colorScheme: "dark",
    run: (open) => assertReadable(open, dark),
  },
  "follow the host, also when it changes its mind": {
    colorScheme: "light",
    hostContext: {
      theme: "dark",
      availableDisplayModes: ["inline", "fullscreen"],
      styles: { variables: { "--font-sans": "serif", color: "red" } },
    },
    run: async (open) => {
      await assertReadable(open, dark);
      const { view, page } = open;
      assertEquals(await painted(open, "fontFamily"), "serif");
      await page.evaluate(
        'changeContext({ theme: "light", ' +
          'styles: { variables: { "--color-background-primary": "rgb(250, 240, 230)" } } })',
      );
      await view.locator("html[style*='light']").waitFor();
      assertEquals(await painted(open, "backgroundColor"), "rgb(250, 240, 230)");
      const full = view.getByRole("button", { name: "Full screen" });
      await full.click();
      await view.locator("#fullscreen[aria-pressed=true]").waitFor();
    },
  },
  "fit a phone": {
    viewport: { width: 360, height: 700 },
    run: async (open) => {
      await assertReadable(open, light);
      const width = await open.view.locator("html").evaluate((it) => it.scrollWidth);
      assert(width <= 360, `${width} px`);
    },
  },
  "are those of the bundle": {
    html: await pageInBundle(),
    run: (open) => assertReadable(open, light),
  },
});

/** The page from the bundle, with every tool on. */
async function pageInBundle(): Promise<string> {
  return (await builtPage()).replace('data-tools=""', `data-tools="${toolNames.join(" ")}"`);
}

const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>&lt;b>';

testView({ name: "the view and hostile text", ignore: false }, {
  "labels, states and words of the daemon are text, and make no element": {
    containers: [alice, { ...carol, labels: { [hostile]: hostile }, image: hostile }],
    run: async (open, daemon) => {
      await rowsOf(open);
      const { view } = open;
      const made = () => view.locator("img, b, script:not([type])").count();
      await openDetail(open, "carol");
      await view.locator("dd", { hasText: `${hostile}=${hostile}` }).waitFor();
      daemon.inject({ kind: "answer", status: 500, body: hostile, path: /stop$/ });
      await view.getByRole("button", { name: "Stop" }).click();
      await view.getByRole("alert").getByText("<img src=x").waitFor();
      assertEquals(await made(), 0);
      assertEquals(await view.locator("title").innerText(), "Containers");
    },
  },
  "an answer that is not what it should be is left out": {
    run: async (open) => {
      await rowsOf(open);
      for (
        const result of [null, 7, { structuredContent: { containers: [{ username: {} }, 3] } }, {
          isError: true,
          content: hostile,
        }]
      ) {
        await open.page.evaluate(
          `notify("ui/notifications/tool-result", ${JSON.stringify(result)})`,
        );
      }
      await open.page.evaluate('notify("ui/notifications/nothing-known", { a: 1 })');
      await open.view.getByRole("button", { name: "Refresh" }).click();
      await open.view.getByText("3 containers").waitFor();
    },
  },
});

/** The view of the fleet in a browser, from the host's page to the real server process: the table, and what changes. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { alice, faultsOf, openDetail, rowsOf, testView, useOfAlice } from "./test_view.ts";

testView({ name: "the view", ignore: false }, {
  "shows each container with its state, its use and its limits": {
    run: async (open) => {
      await open.view.getByText(useOfAlice).waitFor();
      // The simulator's containers use a little more each second.
      const rows = (await rowsOf(open)).map((row) =>
        row.map((cell) => cell.replace(/^2\d\.\d MB/, "20.8 MB"))
      );
      assertEquals(rows, [
        ["alice", "running", "–", "20.8 MB of 40.0 MB", "282 MB of 1.0 GB", "10.77.0.12"],
        ["bob", "stopped", "–", "–", "282 MB of 50.0 GB", ""],
        ["carol", "running", "–", "20.8 MB of 4.0 GB", "282 MB of 50.0 GB", "10.77.0.14"],
      ]);
      const bars = await open.view.locator("tr:first-child .bar > span").all();
      const widths = await Promise.all(
        bars.map((bar) => bar.evaluate((it) => it.style.inlineSize)),
      );
      assertEquals(widths.map(parseFloat).map(Math.floor), [0, 52, 28]);
      await open.view.getByText("3 containers", { exact: true }).waitFor();
    },
  },
  "refreshes by itself, unless it is paused": {
    run: async (open) => {
      await open.page.clock.install();
      await open.page.reload();
      await open.view.getByText(useOfAlice).waitFor();
      // Not counting the host's own call, which opens the view.
      const listed = () => open.calls.of("list_containers").filter(({ limit }) => limit).length;
      const before = listed();
      const [first] = await rowsOf(open);
      assertEquals(first?.[2], "–");
      await open.page.clock.runFor(10_000);
      await open.view.locator("td.use", { hasText: "% of 2 cores" }).waitFor();
      assertEquals(listed(), before + 1);
      await open.view.getByRole("button", { name: "Pause" }).click();
      await open.page.clock.runFor(60_000);
      assertEquals(listed(), before + 1);
      await open.view.getByRole("button", { name: "Refresh" }).click();
      await open.view.getByText(/^Updated/).waitFor();
    },
  },
  "sorts, filters, and says so": {
    run: async (open) => {
      const { view } = open;
      const names = async () => (await rowsOf(open)).map(([name]) => name);
      await view.getByText(useOfAlice).waitFor();
      await view.getByRole("button", { name: "State" }).click();
      assertEquals(await names(), ["alice", "carol", "bob"]);
      assertEquals(await view.locator("[aria-sort]").innerText(), "State");
      await view.getByRole("searchbox", { name: "Filter" }).fill("DEV");
      assertEquals(await names(), ["carol"]);
      await view.getByText("1 of 3 containers").waitFor();
    },
  },
  "is operated by keyboard, and the focus goes where the user is": {
    run: async (open) => {
      const { view, page } = open;
      const focused = () => view.locator(":focus").innerText();
      await view.getByRole("button", { name: "alice" }).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      assertEquals(await focused(), "carol");
      await page.keyboard.press("Home");
      await page.keyboard.press("Enter");
      await view.getByRole("heading", { name: "alice-container" }).waitFor();
      assertEquals(await focused(), "alice-container");
      const button = view.getByRole("button", { name: "alice" });
      assertEquals(await button.getAttribute("aria-expanded"), "true");
      await page.keyboard.press("Escape");
      await view.locator("#detail").waitFor({ state: "hidden" });
      assertEquals(await focused(), "alice");
      assertEquals(await button.getAttribute("aria-expanded"), "false");
      await button.click();
      await button.click();
      assertEquals(await button.getAttribute("aria-expanded"), "false");
    },
  },
  "stops, starts and restarts a container, and says what became of it": {
    run: async (open, daemon) => {
      const { view } = open;
      await openDetail(open, "alice");
      const start = view.getByRole("button", { name: "Start", exact: true });
      assertEquals(await start.getAttribute("aria-disabled"), "true");
      await start.click({ force: true });
      await view.getByRole("button", { name: "Stop" }).click();
      await view.locator("tr", { hasText: "alice" }).getByText("stopped").waitFor();
      assertEquals(daemon.state("alice"), "CONTAINER_STATE_STOPPED");
      await view.getByRole("status").getByText("alice-container").waitFor();
      await start.click();
      await view.locator("tr", { hasText: "alice" }).getByText("running").waitFor();
      await view.getByRole("button", { name: "Restart" }).click();
      await view.getByRole("status").getByText("alice-container: restarted.").waitFor();
      assertEquals(open.calls.of("start_container"), [{ username: "alice" }]);
      assertEquals(open.calls.of("stop_container"), [{ username: "alice" }]);
    },
  },
  "takes a snapshot": {
    run: async (open, daemon) => {
      await openDetail(open, "carol");
      await open.view.getByRole("button", { name: "Snapshot" }).click();
      await open.view.getByRole("status").getByText(/^Took snapshot/).waitFor();
      assert(daemon.requests.some(({ path }) => path === "/v1/containers/carol/snapshots"));
    },
  },
  "asks the user what the server asks, and does nothing without consent": {
    containers: [{ ...alice, deleteAfterStoppedSeconds: 90 }],
    run: async (open, daemon) => {
      const questions: unknown[] = [];
      let answer: unknown = { action: "decline" };
      open.server.onRequest("elicitation/create", ({ message }) => {
        questions.push(message);
        return answer;
      });
      const stop = open.view.getByRole("button", { name: "Stop" });
      await openDetail(open, "alice");
      await stop.click();
      await open.view.getByRole("alert").getByText(/The user declined/).waitFor();
      assertStringIncludes(String(questions), "alice-container");
      assertEquals(daemon.state("alice"), "CONTAINER_STATE_RUNNING");
      assertEquals(await faultsOf(open), []);
      await open.view.getByRole("button", { name: "Dismiss" }).click();
      await open.view.getByRole("alert").waitFor({ state: "hidden" });
      answer = { action: "accept", content: { confirm: true } };
      await stop.click();
      await open.view.locator("tr", { hasText: "alice" }).getByText("stopped").waitFor();
      assertEquals(questions.length, 2);
    },
  },
  "shows no button for what is off": {
    args: ["--read-only"],
    run: async (open) => {
      await openDetail(open, "alice");
      const shown = await open.view.locator("#detail button:visible").allInnerTexts();
      assertEquals(shown, ["Close"]);
    },
  },
  "shows the call's result where the host calls no tools": {
    hostCapabilities: {},
    run: async (open) => {
      const { view } = open;
      await view.getByText("This host does not let the view refresh or change anything.").waitFor();
      assertEquals((await rowsOf(open)).length, 3);
      await openDetail(open, "alice");
      const stop = view.getByRole("button", { name: "Stop" });
      assertEquals(await stop.getAttribute("aria-disabled"), "true");
      await stop.click({ force: true });
      assertEquals(open.calls.all.length, 1, "the host's own");
    },
  },
  "opened by get_metrics, shows whose they are": {
    opening: { name: "get_metrics", arguments: { username: "carol" } },
    run: async (open) => {
      await open.view.getByText("1 of 3 containers").waitFor();
      assertEquals((await rowsOf(open)).map(([name]) => name), ["carol"]);
    },
  },
  "keeps to what was asked for until the user wants all": {
    opening: { name: "list_containers", arguments: { state: "running", labels: { team: "dev" } } },
    run: async (open) => {
      const { view } = open;
      await view.getByText('Only: state "running", labels {"team":"dev"}').waitFor();
      await view.getByText("1 container", { exact: true }).waitFor();
      await view.getByRole("button", { name: "Show all" }).click();
      await view.getByText("3 containers", { exact: true }).waitFor();
    },
  },
  "says what went wrong, and keeps what it shows": {
    run: async (open, daemon) => {
      await rowsOf(open);
      daemon.inject({ kind: "answer", status: 403, body: "no", path: /containers$/ });
      await open.view.getByRole("button", { name: "Refresh" }).click();
      await open.view.getByRole("alert").waitFor();
      await open.view.getByText("The data shown may be outdated.").waitFor();
      assertEquals((await rowsOf(open)).length, 3);
    },
  },
  "keeps the focus and the order while 500 containers refresh": {
    containers: Array.from({ length: 500 }, (_, n) => ({ username: `box-${n}` })),
    run: async (open) => {
      const { view, page } = open;
      await view.getByText("500 containers", { exact: true }).waitFor();
      await view.getByRole("button", { name: "box-250", exact: true }).focus();
      await open.server.call("stop_container", { username: "box-7" });
      await view.locator("#refresh").dispatchEvent("click");
      await view.locator("td", { hasText: "stopped" }).waitFor();
      assertEquals(await view.locator(":focus").innerText(), "box-250");
      await page.keyboard.press("End");
      assertEquals(await view.locator(":focus").innerText(), "box-99");
    },
  },
  "tells the host its size, and answers it": {
    run: async (open) => {
      await rowsOf(open);
      const sizes: unknown = await open.page.evaluate("sizes");
      assert(Array.isArray(sizes) && sizes.every(({ height }) => height > 100), String(sizes));
      assertEquals<unknown>(await open.page.evaluate("teardown()"), {});
    },
  },
});

/** A container's log and terminal in the view, down to a shell. */
import { assert, assertEquals } from "@std/assert";
import { whyNoPty } from "../../daemon/mod.ts";
import { unless, whyMissing } from "../../needs.ts";
import { alice, bob, faultsOf, openDetail, testView } from "./test_view.ts";

const hostile = '<img src=x onerror="document.title=1">';
const time = new Date("2026-11-20T08:00:00Z");
const shell = {
  journal: [
    { time, message: "Started nginx.service", unit: "nginx.service", identifier: "systemd" },
    { time, message: `bad ${hostile}\nsecond line`, unit: "app.service", priority: 3 },
  ],
};

testView(unless(await whyNoPty() ?? whyMissing(["bash"]), "the view of a container"), {
  "shows the end of its log, as text": {
    containers: [alice, bob],
    shell,
    run: async (open) => {
      const { view } = open;
      await openDetail(open, "alice");
      await view.locator("#log li").nth(1).waitFor();
      assertEquals(await view.locator("#log li").allInnerTexts(), [
        "2026-11-20 08:00:00 nginx.service Started nginx.service",
        `2026-11-20 08:00:00 app.service err bad ${hostile}\nsecond line`,
      ]);
      assertEquals(await view.locator("img").count(), 0);
      await openDetail(open, "bob");
      await view.getByText("It has no log while it is not running.").waitFor();
      assertEquals(await view.locator("#log li").count(), 0);
    },
  },
  "has a terminal, which ends with the view": {
    containers: [alice],
    shell,
    run: async (open, daemon) => {
      const { view, page } = open;
      await openDetail(open, "alice");
      await view.getByRole("button", { name: "Open terminal" }).click();
      const line = view.getByRole("textbox", { name: "Type" });
      await line.waitFor();
      await line.fill(`echo "$((6 * 7))" '${hostile}'`);
      await page.keyboard.press("Enter");
      const screen = view.getByRole("region", { name: "Screen of the terminal" });
      await view.locator("#screen", { hasText: `42 ${hostile}` }).waitFor();
      assertEquals(await view.locator("img").count(), 0);
      assert(!(await screen.innerText()).includes("<<<"), "no fence");
      await view.locator("#heard", { hasText: `42 ${hostile}` }).waitFor({ state: "attached" });
      assertEquals(await view.locator("#status").innerText(), "");
      assertEquals(await faultsOf(open), []);
      await line.fill("seq 1000 1040");
      await view.getByRole("button", { name: "Send" }).click();
      await view.locator("#screen", { hasText: /\n1000\n[^]*\n1040\n/ }).waitFor();
      await line.fill("cat");
      await page.keyboard.press("Enter");
      await view.getByRole("button", { name: "Ctrl-C" }).click();
      await view.locator("#screen", { hasText: "^C" }).waitFor();
      const sent = open.calls.of("send_to_terminal").flatMap(({ text, keys }) =>
        text ?? keys ?? []
      );
      assertEquals(sent.slice(1), ["seq 1000 1040\n", "cat\n", "Ctrl-C"]);
      assertEquals(await open.page.evaluate("teardown().then(() => 1)"), 1);
      assertEquals(open.calls.of("close_terminal").length, 1);
      await daemon.idle();
    },
  },
});

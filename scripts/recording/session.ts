/** A user's first session at a terminal, with a simulated daemon: typed into a real shell. @module */
import { shippedCommand } from "../../tests/connect.ts";
import { UserTerminal } from "../../tests/cli/user_terminal.ts";
import { startDaemon } from "../../tests/daemon/mod.ts";
import { makeTempFolder } from "../../tests/temp.ts";
import { settled } from "../settled.ts";

/** Columns of the terminal: the question breaks between two words. */
export const SESSION_COLS = 99;
const NINETY_DAYS_S = 90 * 24 * 3_600;

/** What is typed, and what then is answered to a question. */
const typed: readonly { readonly command: string; readonly answer?: string | undefined }[] = [
  { command: "mcp-server doctor" },
  { command: "mcp-server call list_containers" },
  { command: "mcp-server call run_command username=alice command='uname -s'" },
  { command: "mcp-server call delete_container username=bob", answer: "y" },
];

/** Types the session; returns what the terminal then showed, without what differs between runs. */
export async function recordSession(): Promise<string> {
  await using daemon = await startDaemon({
    containers: [{ username: "alice" }, { username: "bob" }],
    zfs: true,
    shell: {},
  });
  await using home = await makeTempFolder();
  const program = shippedCommand(daemon.url).map((arg) => `'${arg}'`).join(" ");
  await home.write("mcp-server", `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 });
  const environment = {
    HOME: Deno.env.get("HOME") ?? "",
    PATH: `${home.path}:${Deno.env.get("PATH")}`,
    PS1: "\\n$ ",
    HISTFILE: "",
    CONTAINARIUM_SERVER_URL: daemon.url,
    CONTAINARIUM_JWT_TOKEN: await daemon.token({ expiresInSeconds: NINETY_DAYS_S }),
  };
  await using user = await UserTerminal.run("exec bash --norc --noprofile -i", environment, {
    cols: SESSION_COLS,
    rows: 60,
  });
  await user.waitFor(/^\n\$$/);
  let shown = "";
  for (const { command, answer } of typed) {
    await user.type(`${command}\n`);
    await user.waitFor(command);
    if (answer !== undefined) {
      await user.waitFor("[y/N]");
      await user.type(`${answer}\n`);
    }
    shown = await user.waitFor(/\n\$$/);
  }
  return steady(shown.replace(/\n\$$/, ""));
}

/** Makes two recordings of the same equal. */
function steady(shown: string): string {
  return settled(shown)
    .replace(/connected in 52 ms/, "connected in 1 ms")
    .replace(/answers in 52 ms/, "answers in 2.4 ms")
    .replace(/expires \d{4}-\d\d-\d\d/, "expires 2027-02-24");
}

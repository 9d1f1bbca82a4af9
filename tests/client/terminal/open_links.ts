/**
 * Opens terminals one after the other with one opener, and prints what came of each: a program of its
 * own, since a proxy of the environment's is the whole process's.
 *
 * usage: open_links.ts SERVER_URL TIMES [CA_FILE]
 */
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { ApiPath } from "../../../client/transport/api_path.ts";

const [serverUrl = "", times = "1", caFile] = Deno.args;
const caCerts = caFile === undefined ? [] : [await Deno.readTextFile(caFile)];
using links = new LinkOpener(caCerts);
for (let at = 0; at < Number(times); at++) {
  try {
    const terminal = await TerminalSocket.connect({
      serverUrl: new URL(serverUrl),
      path: new ApiPath("containers", "alice", "terminal"),
      headers: { authorization: "Bearer ctnr_example" },
      links,
      signal: new AbortController().signal,
    });
    terminal.close();
    await terminal.dropped;
    report("open");
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
  }
}

function report(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

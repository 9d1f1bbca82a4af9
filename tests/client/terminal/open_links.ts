/**
 * Opens terminals one after the other with one opener, and prints what came of each: a program of its
 * own, since a proxy of the environment's is the whole process's.
 *
 * usage: open_links.ts SERVER_URL TIMES [CA_FILE], with ENVIRONMENT_PROXY for the client's option
 */
import { LinkOpener } from "../../../client/terminal/link_opener.ts";
import { TerminalSocket } from "../../../client/terminal/socket.ts";
import { readRoute } from "../../../client/transport/http_proxy.ts";
import { ApiPath } from "../../../client/transport/api_path.ts";

const [serverUrl = "", times = "1", caFile] = Deno.args;
const url = new URL(serverUrl);
const caCerts = caFile === undefined ? [] : [await Deno.readTextFile(caFile)];
using links = new LinkOpener(caCerts, readRoute(Deno.env.get("ENVIRONMENT_PROXY"), url));
for (let at = 0; at < Number(times); at++) {
  try {
    const terminal = await TerminalSocket.connect({
      serverUrl: url,
      path: new ApiPath("containers", "alice", "terminal"),
      headers: { authorization: "Bearer ctnr_example" },
      links,
      signal: new AbortController().signal,
    });
    report(await terminal.dropped ?? "open");
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
  }
}

function report(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

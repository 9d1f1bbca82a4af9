/**
 * Sets variables, sends requests by `fetch`, and prints which proxy got each and which one we name: a
 * program of its own, since the variables are the whole process's.
 */
import { environmentProxy } from "../../cli/environment_proxy.ts";
import { Environment } from "../../cli/sources.ts";

const names = [
  ...["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
  ...["all_proxy", "http_proxy", "https_proxy", "no_proxy"],
];
/** Which proxy got a request, by the request's number. */
const taken = new Map<number, string>();

/** Listens, and notes what it is asked for: the number is a port or a path. */
function listen(name: string): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answer = new TextEncoder().encode("HTTP/1.1 503 No\r\nconnection: close\r\n\r\n");
  (async () => {
    for await (const connection of listener) {
      const head = new Uint8Array(4_096);
      const length = await connection.read(head);
      const text = new TextDecoder().decode(head.subarray(0, length ?? 0));
      taken.set(Number(/[:/](2\d{4})[ /]/.exec(text)?.[1]), name);
      await connection.write(answer);
      connection.close();
    }
  })();
  return `127.0.0.1:${listener.addr.port}`;
}

const first = listen("first");
const second = listen("second");
/** Where nobody listens. */
const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = closed.addr;
closed.close();

/** Only names that need no look-up, which may take long, by a proxy, too. */
const urls: readonly ((number: number) => string)[] = [
  (number) => `http://localhost:${port}/${number}`,
  (number) => `https://localhost:${number}`,
  (number) => `http://127.0.0.1:${port}/${number}`,
  (number) => `http://[::1]:${port}/${number}`,
];
const exempt = [
  ...["*", "localhost", ".localhost", "LOCALHOST", "ocalhost", ".ocalhost", "a.localhost", "."],
  ...["127.0.0.1", "127.0.0.0/8", "127.0.0.9/8", "127.0.0.0/33", "127.0.0.01", "::1", "::/64"],
  ...["[::1]", "127.0.0.1:8080", " 127.0.0.1 , localhost,"],
];
const settings: readonly Readonly<Record<string, string>>[] = [
  {},
  { HTTP_PROXY: `http://${first}` },
  { HTTPS_PROXY: `http://me:secret@${first}`, http_proxy: second },
  { ALL_PROXY: `http://${first}`, HTTP_PROXY: `http://${second}`, HTTPS_PROXY: second },
  { all_proxy: `http://${first}`, HTTP_PROXY: `http://${second}` },
  { HTTP_PROXY: "", http_proxy: `http://${first}/`, HTTPS_PROXY: "", https_proxy: second },
  { ALL_PROXY: first, NO_PROXY: "", no_proxy: "*,127.0.0.1,::1" },
  { ALL_PROXY: first, no_proxy: "localhost,127.0.0.1,::1" },
  ...exempt.map((entry) => ({ ALL_PROXY: first, NO_PROXY: entry })),
  { ALL_PROXY: first, NO_PROXY: "x", no_proxy: "*" },
];

let number = 20_000;
const comparing: Promise<unknown>[] = [];
for (const variables of settings) {
  for (const name of names) Deno.env.delete(name);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  for (const urlOf of urls) comparing.push(compare(urlOf(++number), number, variables));
}
Deno.stdout.writeSync(
  new TextEncoder().encode(JSON.stringify(await Promise.all(comparing))),
);
Deno.exit();

/** The variables are read before this first waits. */
async function compare(url: string, number: number, variables: Readonly<Record<string, string>>) {
  const environment = new Environment((name) => Deno.env.get(name));
  using client = Deno.createHttpClient({});
  const naming = environmentProxy(new URL(url), environment);
  // Whoever answers refuses.
  await fetch(url, { client }).then((response) => response.body?.cancel(), () => {});
  const proxy = (await naming)?.replace(/^.*[/@](?=127)/, "");
  const named = proxy?.replace(first, "first").replace(second, "second");
  return { url, variables, named, taken: taken.get(number) ?? "none" };
}

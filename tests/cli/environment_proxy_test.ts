import { assertEquals } from "@std/assert";
import { environmentProxy } from "../../cli/environment_proxy.ts";
import { Environment } from "../../cli/sources.ts";
import { importFlags } from "../connect.ts";

/** What `environmentProxy` says where these variables are set. */
function decide(url: string, variables: Readonly<Record<string, string>>) {
  return environmentProxy(new URL(url), new Environment((name) => variables[name]));
}

Deno.test("environmentProxy() takes a proxy in whatever form, with its password", async () => {
  const cases = [
    ["http://proxy.example:3128", "http://proxy.example:3128"],
    ["proxy.example:3128", "http://proxy.example:3128"],
    ["https://me:a%40b@proxy.example/", "https://me:a%40b@proxy.example"],
    ["socks5h://[::1]:1080", "socks5h://[::1]:1080"],
  ] as const;
  for (const [ALL_PROXY, proxy] of cases) {
    assertEquals(await decide("http://daemon.example", { ALL_PROXY }), proxy);
  }
});

Deno.test("environmentProxy() does not guess: what is unusual or may not be read is not known", async () => {
  const unusual = [
    "http://me@proxy",
    "http://a:b@c@proxy",
    "HTTP://proxy",
    "unix:/proxy",
    "a b",
    "ftp://a",
  ];
  for (const ALL_PROXY of unusual) {
    assertEquals(await decide("http://daemon.example", { ALL_PROXY }), undefined, ALL_PROXY);
  }
  for (const denied of ["HTTP_PROXY", "all_proxy", "no_proxy"]) {
    const environment = new Environment((name) => {
      if (name === denied) throw new Deno.errors.NotCapable(name);
      return undefined;
    });
    assertEquals(await environmentProxy(new URL("http://daemon.example"), environment), undefined);
  }
});

Deno.test("environmentProxy() spares a domain and what is under it", async () => {
  const cases = [
    ["daemon.example", "none", "none"],
    [".daemon.example", "none", "none"],
    ["a.daemon.example", "http://proxy", "none"],
    ["emon.example", "http://proxy", "http://proxy"],
    [" x , example ", "none", "none"],
  ] as const;
  for (const [NO_PROXY, ...named] of cases) {
    const variables = { HTTPS_PROXY: "http://proxy", NO_PROXY };
    const urls = ["https://daemon.example:8443", "https://a.daemon.example"];
    assertEquals(await Promise.all(urls.map((url) => decide(url, variables))), named, NO_PROXY);
  }
});

/** What a process finds out by asking `fetch`: beside each other, which proxy we name and which it takes. */
interface Compared {
  readonly url: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly named: string;
  readonly taken: string;
}

Deno.test("environmentProxy() names the proxy that fetch takes", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", ...importFlags, import.meta.resolve("./ask_fetch.ts")],
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(err, "");
  const compared: readonly Compared[] = JSON.parse(out ?? "");
  assertEquals(compared.length, 108);
  for (const { url, variables, named, taken } of compared) {
    assertEquals(named, taken, `${url} with ${JSON.stringify(variables)}`);
  }
});

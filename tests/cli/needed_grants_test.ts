import { assertEquals } from "@std/assert";
import { configure } from "../../cli/configure.ts";
import { neededGrants } from "../../cli/needed_grants.ts";
import { Environment } from "../../cli/sources.ts";
import { makeHome } from "./home.ts";

Deno.test("neededGrants() names the daemon, its proxy, and each file by its path", async () => {
  const variables: Readonly<Record<string, string>> = {
    CONTAINARIUM_SERVER_URL: "http://box.example",
    CONTAINARIUM_JWT_TOKEN: "ctnr_1234567890123456",
    CONTAINARIUM_CONFIG: "/x/policy.json",
    CONTAINARIUM_AUDIT_FILE: "/x/record.jsonl",
  };
  const environment = new Environment((name) => variables[name]);
  const configured = await configure({}, environment, () => {});
  assertEquals(neededGrants(configured, "none"), {
    net: ["box.example:80"],
    read: ["/x/policy.json"],
    write: ["/x/record.jsonl"],
  });
  assertEquals(neededGrants(configured, "socks5://proxy.example").net, [
    "box.example:80",
    "proxy.example:1080",
  ]);
});

Deno.test("neededGrants() names credentials.json where the token comes from it", async () => {
  const url = "https://box.example";
  await using home = await makeHome({
    default_server: url,
    servers: { [url]: { token: "ctnr_12345678901" } },
  });
  const variable = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const environment = new Environment((name) => name === variable ? home.path : undefined);
  const configured = await configure({}, environment, () => {});
  assertEquals(neededGrants(configured, undefined), {
    net: ["box.example:443"],
    read: [`${home.path}/.containarium/credentials.json`],
    write: [],
  });
});

Deno.test("neededGrants() names GitHub where runners are offered and there is a token for it", async () => {
  const hosts = async (variables: Readonly<Record<string, string>>) => {
    const all: Readonly<Record<string, string>> = {
      CONTAINARIUM_SERVER_URL: "http://box.example",
      CONTAINARIUM_JWT_TOKEN: "ctnr_1234567890123456",
      GITHUB_TOKEN: "ghp_123456789012345678901234567890123456",
      ...variables,
    };
    const configured = await configure({}, new Environment((name) => all[name]), () => {});
    return neededGrants(configured, "none").net;
  };
  assertEquals(await hosts({}), ["box.example:80"]);
  const runners = { CONTAINARIUM_MCP_TOOLSETS: "runners" };
  assertEquals(await hosts(runners), ["box.example:80", "api.github.com:443"]);
  const own = { ...runners, GITHUB_API_URL: "https://git.example/api/v3" };
  assertEquals(await hosts(own), ["box.example:80", "git.example:443"]);
});

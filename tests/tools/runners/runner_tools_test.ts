/** CI runners as a model uses them: made, listed, removed; and whom the tokens reach. */
import { tokensOf } from "../../../scripts/tokens.ts";
import { toolsets } from "../../../tools/toolsets.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { GitHub } from "../../../client/internal.ts";
import { removeRunner } from "../../../tools/runners/remove_runner.ts";
import { clientOf } from "../../client/connect.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import { connect, type ConnectOptions, connectProcess, type Session } from "../../connect.ts";
import { type ContainerSeed, type Daemon, startDaemon } from "../../daemon/mod.ts";
import { startGitHub } from "../../github/github_simulator.ts";
import { type RunnerWorld, startRunnerWorld } from "../../github/runner_box.ts";
import { connectWithPolicy } from "../../with_policy.ts";
import { testWithPty } from "../../with_pty.ts";
import { writes } from "../../writes.ts";

const args = ["--toolsets", "runners"];
const repo = "acme/shop";
const runner = (n: number, more: Partial<ContainerSeed> = {}): ContainerSeed => ({
  username: `ci-runner-${n}`,
  labels: { "github-runner": repo },
  ...more,
});

interface Shop extends AsyncDisposable {
  readonly world: RunnerWorld;
  readonly daemon: Daemon;
  readonly server: Session;
}

async function startShop(
  containers: readonly ContainerSeed[] = [],
  options: ConnectOptions = {},
): Promise<Shop> {
  await using made = new AsyncDisposableStack();
  const world = made.use(await startRunnerWorld());
  const { programs } = world;
  const daemon = made.use(await startDaemon({ shell: { programs }, containers }));
  const server = made.use(await connect(daemon, { args, env: world.env, ...options }));
  const all = made.move();
  return { world, daemon, server, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

testWithPty(
  "provision_runners creates containers, installs runners and waits until they are online",
  async () => {
    await using shop = await startShop();
    const { text, isError } = await shop.server.call("provision_runners", {
      repo,
      count: 2,
      labels: ["gpu"],
    });
    assertEquals(isError, false, text);
    assertStringIncludes(text, "2 containers: 2 done");
    const calls = await shop.world.calls();
    const page = `${shop.world.github.url}/acme/shop`;
    for (const name of ["ci-runner-1", "ci-runner-2"]) {
      const config = `config --unattended --replace --url ${page} --name ${name} ` +
        `--labels containarium,gpu --work _work token=${shop.world.github.registrationToken}`;
      assert(calls.includes(config), calls.join("\n"));
    }
    const { text: listed } = await shop.server.call("list_runners");
    assertStringIncludes(listed, "ci-runner-1  acme/shop  running    online");
  },
);

testWithPty("provision_runners passes its token in no argument, log or answer", async () => {
  await using shop = await startShop();
  const { server, world } = shop;
  await server.call("provision_runners", { repo });
  const secrets = [world.github.token, world.github.registrationToken];
  const calls = await world.calls();
  for (const line of calls) {
    assert(!secrets.some((secret) => line.replace(/ token=.*$/, "").includes(secret)), line);
  }
  const said = JSON.stringify(server.messages) + server.stderr;
  for (const secret of secrets) assert(!said.includes(secret));
  const sent = shop.daemon.requests.map(({ path, body }) => `${path} ${body}`).join("\n");
  for (const secret of secrets) assert(!sent.includes(secret));
});

testWithPty(
  "provision_runners called again changes nothing of a runner that is online",
  async () => {
    await using shop = await startShop();
    await shop.server.call("provision_runners", { repo });
    const before = (await shop.world.calls()).length;
    const { text } = await shop.server.call("provision_runners", { repo });
    assertStringIncludes(text, "online already");
    assertEquals((await shop.world.calls()).length, before);
  },
);

testWithPty("provision_runners repairs a runner that GitHub does not know", async () => {
  await using shop = await startShop([runner(1)]);
  const { text } = await shop.server.call("provision_runners", { repo });
  assertStringIncludes(text, "1 container: 1 done");
  assertEquals(writes(shop.daemon).includes("POST /v1/containers"), false);
});

testWithPty(
  "provision_runners runs nothing as root that an earlier job may have left",
  async () => {
    await using world = await startRunnerWorld();
    const said = (what: string) => `echo "${what} $*" >>"$HOME/said"\n`;
    const programs = {
      ...world.programs,
      id: "exit 0\n",
      pkill: said("pkill"),
      systemctl: said("systemctl") +
        'case $1 in list-unit-files) echo "actions.runner.x.service enabled" ;; esac\n',
    };
    const containers = [runner(1), runner(2)];
    await using daemon = await startDaemon({ shell: { programs }, containers });
    await using server = await connect(daemon, { args, env: world.env });
    // The stand-in for the home of the runner's user is that of root.
    const [one, two] = ["ci-runner-1", "ci-runner-2"].map((name) => `${daemon.home(name)}/../root`);
    const own = `${one}/actions-runner`;
    await Deno.mkdir(`${own}/bin`, { recursive: true });
    await Deno.writeTextFile(`${own}/.service`, "actions.runner.x.service");
    await Deno.writeTextFile(`${own}/.program`, world.sha256);
    for (const script of ["svc.sh", "config.sh", "bin/installdependencies.sh"]) {
      await Deno.writeTextFile(`${own}/${script}`, `#!/bin/sh\n${said("evil")}`, { mode: 0o755 });
    }
    await Deno.mkdir(`${two}/etc`);
    await Deno.symlink("etc", `${two}/actions-runner`);
    const { text } = await server.call("provision_runners", { repo, count: 2 });
    assertStringIncludes(text, "2 containers: 2 done");
    const lines = (await Deno.readTextFile(`${one}/said`)).split("\n");
    assertEquals(lines.filter((line) => line.startsWith("evil")), []);
    assert(lines.includes("systemctl disable --now actions.runner.x.service"), lines.join("\n"));
    assert(lines.includes("pkill -KILL -u ghrunner"), lines.join("\n"));
    assertEquals(await Array.fromAsync(Deno.readDir(`${two}/etc`), ({ name }) => name), []);
  },
);

testWithPty("provision_runners names the step that failed, with its last words", async () => {
  await using world = await startRunnerWorld();
  const programs = { ...world.programs, curl: "echo 'curl: (6) no such host' >&2; exit 6\n" };
  await using daemon = await startDaemon({ shell: { programs } });
  await using server = await connect(daemon, { args, env: world.env });
  const { text, isError } = await server.call("provision_runners", { repo });
  assertEquals(isError, true);
  const printed =
    /The runner could not be installed.*\nci-runner-1:\n<<<container \w+: data from the container.*\ndownload the program: curl: \(6\) no such host/s;
  assert(printed.test(text), text);
});

testWithPty(
  "provision_runners that cannot ask GitHub afterward says that it installed it",
  async () => {
    await using shop = await startShop();
    const { github } = shop.world;
    const call = shop.server.call("provision_runners", { repo });
    const hasToken = () => github.requests.some(({ path }) => path.endsWith("registration-token"));
    while (!hasToken()) await new Promise((resolve) => setTimeout(resolve, 5));
    github.fail(500);
    const { text, isError } = await call;
    assertEquals(isError, false, text);
    assertStringIncludes(text, "1 container: 1 unknown");
    assertStringIncludes(text, "installed, and GitHub could not be asked: ");
  },
);

testWithPty("provision_runners installs no program with another checksum", async () => {
  await using world = await startRunnerWorld();
  const programs = {
    ...world.programs,
    curl: 'while [ "$1" != -o ]; do shift; done; echo x >"$2"\n',
  };
  await using daemon = await startDaemon({ shell: { programs } });
  await using server = await connect(daemon, { args, env: world.env });
  const { text } = await server.call("provision_runners", { repo });
  assertStringIncludes(text, "check the program");
  assertEquals((await world.calls()).filter((line) => line.startsWith("config")), []);
});

Deno.test("provision_runners asks GitHub before it creates anything", async (t) => {
  await using daemon = await startDaemon();
  await t.step("no token", async () => {
    await using server = await connect(daemon, { args });
    const { reason, text } = await server.call("provision_runners", { repo });
    assertEquals(reason, "no_github_token");
    assertStringIncludes(text, "set GITHUB_TOKEN in the environment");
  });
  await using github = startGitHub();
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await t.step("another token", async () => {
    await using server = await connect(daemon, {
      args,
      env: { ...env, GITHUB_TOKEN: "ghp_other" },
    });
    assertEquals((await server.call("provision_runners", { repo })).reason, "github_denied");
  });
  await t.step("no such repository", async () => {
    await using server = await connect(daemon, { args, env });
    const { reason } = await server.call("provision_runners", { repo: "acme/nothing" });
    assertEquals(reason, "github_denied");
  });
  await t.step("GitHub is down", async () => {
    await using server = await connect(daemon, { args, env });
    github.fail(502);
    assertEquals((await server.call("provision_runners", { repo })).reason, "github_failed");
  });
  assertEquals(writes(daemon), []);
});

Deno.test("provision_runners makes at most 20, whatever their repository, and none of others' containers", async () => {
  const containers = Array.from({ length: 19 }, (_, n) => ({
    username: `old-${n}`,
    labels: { "github-runner": "acme" },
  }));
  await using github = startGitHub();
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using daemon = await startDaemon({
    containers: [...containers, { username: "ci-runner-1" }],
  });
  await using server = await connect(daemon, { args, env });
  const many = await server.call("provision_runners", { repo, count: 3 });
  assertEquals(many.code, "resource_exhausted");
  assertStringIncludes(many.text, "over the maximum of 20");
  const { text } = await server.call("provision_runners", { repo, count: 1 });
  assertStringIncludes(text, "exists and is no runner");
  assertEquals(writes(daemon), []);
});

Deno.test("provision_runners holds its containers to the quotas", async () => {
  await using github = startGitHub();
  await using daemon = await startDaemon();
  const quotas = { users: { "*": { cpu: 1 } } };
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using host = await connectWithPolicy(daemon, { quotas }, {}, env);
  assertEquals((await host.session.call("provision_runners", { repo })).reason, "quota_exceeded");
  assertEquals(writes(daemon), []);
});

Deno.test("provision_runners takes no name of a repository that leads elsewhere", async () => {
  await using github = startGitHub();
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using daemon = await startDaemon();
  await using server = await connect(daemon, { args, env });
  for (const wrong of ["acme/..", "../user", "acme/shop/x", "acme/shop?x", "acme/shop'", "a b"]) {
    const { isError, code } = await server.call("provision_runners", { repo: wrong });
    assertEquals([isError, code], [true, "invalid_argument"], wrong);
  }
  assertEquals(github.requests, []);
});

Deno.test("list_runners shows containers even where GitHub cannot be asked", async () => {
  await using daemon = await startDaemon({ containers: [runner(1), { username: "alice" }] });
  await using server = await connect(daemon, { args });
  const { text, isError } = await server.call("list_runners");
  assertEquals(isError, false);
  assertStringIncludes(text, "ci-runner-1  acme/shop  running    unknown");
  assertStringIncludes(text, "no token for GitHub");
  assert(!text.includes("alice"));
});

Deno.test("list_runners counts runners that are in no container here", async () => {
  await using github = startGitHub({ connected: () => ["laptop"] });
  await using daemon = await startDaemon({ containers: [runner(1)] });
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using server = await connect(daemon, { args, env });
  const { text } = await server.call("list_runners", { repo });
  assertStringIncludes(text, "absent");
  assertStringIncludes(text, "1 more at GitHub");
});

Deno.test("list_runners asks GitHub about no more repositories than there may be runners", async () => {
  await using github = startGitHub();
  const containers = Array.from({ length: 30 }, (_, n) => ({
    username: `box-${n}`,
    labels: { "github-runner": `forged/${n}` },
  }));
  await using daemon = await startDaemon({ containers });
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using server = await connect(daemon, { args, env });
  const { text } = await server.call("list_runners");
  assertStringIncludes(text, "GitHub was asked about 20 of 30 repositories: pass repo.");
  assertEquals(github.requests.length, 20);
});

Deno.test("remove_runner asks, deregisters, and deletes the container", async () => {
  await using github = startGitHub({ connected: () => ["ci-runner-1"] });
  await using daemon = await startDaemon({ containers: [runner(1)] });
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  const capabilities = { elicitation: {} };
  await using server = await connect(daemon, { args, env, capabilities });
  const asked: unknown[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return asked.length === 1
      ? { action: "decline" }
      : { action: "accept", content: { confirm: true } };
  });
  assertEquals((await server.call("remove_runner", { username: "ci-runner-1" })).isError, true);
  assertEquals(writes(daemon), []);
  assertStringIncludes(
    String(asked[0]),
    "Deregister the runner ci-runner-1 at GitHub (acme/shop). Delete ci-runner-1-container",
  );
  const { text } = await server.call("remove_runner", { username: "ci-runner-1" });
  assertStringIncludes(text, "Deregistered at GitHub.\nDeleted ci-runner-1-container.");
  assertEquals(github.requests.filter(({ method }) => method === "DELETE").length, 1);
});

Deno.test("remove_runner that fails after GitHub was asked says that it is no runner any more", async () => {
  await using github = startGitHub({ connected: () => ["ci-runner-1"] });
  await using daemon = await startDaemon({ containers: [runner(1)] });
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using server = await connect(daemon, { args, env });
  daemon.inject({ kind: "answer", method: "DELETE", status: 500, body: '{"message":"disk full"}' });
  const { isError, text } = await server.call("remove_runner", { username: "ci-runner-1" });
  assertEquals([isError, github.runners.length], [true, 0]);
  assertStringIncludes(text, "Before that, it was deregistered at GitHub");
});

Deno.test("remove_runner touches nothing of what is busy, protected or no runner", async () => {
  await using github = startGitHub({ connected: () => ["ci-runner-1", "ci-runner-2"] });
  await using daemon = await startDaemon({
    containers: [runner(1), runner(2, { protected: true }), { username: "alice" }],
  });
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using server = await connect(daemon, { args, env });
  await server.call("list_runners");
  for (const one of github.runners) one.busy = true;
  const reasonOf = async (username: string) =>
    (await server.call("remove_runner", { username })).reason;
  assertEquals(await reasonOf("ci-runner-1"), "runner_busy");
  assertEquals(await reasonOf("ci-runner-2"), "protected");
  const other = await server.call("remove_runner", { username: "alice" });
  assertStringIncludes(other.text, "is no runner");
  assertEquals(writes(daemon), []);
  assertEquals(github.runners.length, 2);
});

Deno.test("remove_runner deregisters at no other repository than the question named", async () => {
  await using github = startGitHub({ connected: () => ["ci-runner-1"] });
  await using daemon = await startDaemon({ containers: [runner(1)] });
  using client = await clientOf(daemon);
  const options = { token: github.token, apiUrl: github.url };
  const context = { ...contextOf(client), github: new GitHub(options, () => {}) };
  let sent = 0;
  const { question, refusal } = await changedBetween(
    removeRunner,
    { username: "ci-runner-1" },
    context,
    async () => {
      // Released daemons let anyone who reaches them change labels.
      await client.containers.setLabels("ci-runner-1", { "github-runner": "acme" });
      sent = writes(daemon).length;
    },
  );
  assertStringIncludes(question?.message ?? "", "at GitHub (acme/shop)");
  assertEquals(refusal?.reason, "changed_since_agreed");
  assertEquals(writes(daemon).length, sent);
  assertEquals(github.requests, []);
});

Deno.test("remove_runner asks even where its container is deleted already, and says what does not come back", async () => {
  await using github = startGitHub({ connected: () => ["ci-runner-1", "ci-runner-2"] });
  await using daemon = await startDaemon({ containers: [runner(1), runner(2)] });
  const env = {
    GITHUB_TOKEN: github.token,
    GITHUB_API_URL: github.url,
    CONTAINARIUM_DELETE_GRACE: "24h",
  };
  using client = await clientOf(daemon);
  await client.containers.deleteLater("ci-runner-1", { graceSeconds: 86_400 });
  await using server = await connect(daemon, { args, env, capabilities: { elicitation: {} } });
  const asked: string[] = [];
  server.onRequest("elicitation/create", ({ message }) => {
    asked.push(String(message));
    return { action: "decline" };
  });
  for (const username of ["ci-runner-1", "ci-runner-2"]) {
    assertEquals((await server.call("remove_runner", { username })).isError, true);
  }
  assertStringIncludes(asked[0] ?? "", "Its container is deleted already");
  for (const question of asked) {
    assertStringIncludes(question, "undelete_container does not register it again");
  }
  assertEquals([asked.length, github.requests.length], [2, 0]);
});

Deno.test("provision_runners takes the place of no runner that is online elsewhere", async () => {
  await using github = startGitHub({ connected: () => ["ci-runner-1"] });
  await using daemon = await startDaemon();
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  await using server = await connect(daemon, { args, env });
  const { text, isError } = await server.call("provision_runners", { repo });
  assertEquals(isError, true);
  assertStringIncludes(text, "GitHub has a runner of that name, which is online elsewhere");
  assertEquals(writes(daemon), []);
});

Deno.test("the server reaches GitHub only where it is granted, and says what to grant", async () => {
  await using github = startGitHub();
  await using daemon = await startDaemon();
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url };
  {
    await using server = await connectProcess(daemon, { args, env });
    const { reason, text } = await server.call("provision_runners", { repo });
    assertEquals(reason, "net_denied");
    assertStringIncludes(text, `--allow-net=${github.host}`);
  }
  await using server = await connectProcess(daemon, { args, env, net: [github.host] });
  github.fail(500);
  assertEquals((await server.call("provision_runners", { repo })).reason, "github_failed");
});

Deno.test("GitHub refuses an address with a name or a password", () => {
  for (const login of ["name@", ":password@", "name:password@"]) {
    const apiUrl = `https://${login}github.example.com/api/v3`;
    assertThrows(
      () => new GitHub({ token: "t", apiUrl }, () => {}),
      ContainariumError,
      "https URL",
    );
  }
});

Deno.test("GitHub.pageOf() is where runners register: at GitHub, GHE.com or a server of one's own", () => {
  const pages: readonly (readonly [string, string])[] = [
    ["https://api.github.com", "https://github.com"],
    ["https://api.acme.ghe.com/", "https://acme.ghe.com"],
    ["https://git.example.com:8443/api/v3", "https://git.example.com:8443"],
    ["https://api.example.com/api/v3", "https://api.example.com"],
  ];
  for (const [apiUrl, page] of pages) {
    assertEquals(new GitHub({ token: "t", apiUrl }, () => {}).pageOf("acme"), `${page}/acme`);
  }
});

Deno.test("the server reads no token for GitHub unless it offers runners", async () => {
  await using github = startGitHub();
  await using daemon = await startDaemon();
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: "http://example.com" };
  await using server = await connect(daemon, { env });
  assertEquals((await server.call("list_containers")).isError, false);
});

Deno.test("the tools for runners cost a model at most 320 tokens", () => {
  const tokens = tokensOf(toolsets.runners);
  assert(tokens <= 320, `${tokens} tokens`);
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { parsePolicy, PolicyError, withGrace } from "../../../tools/policy/mod.ts";

Deno.test("parsePolicy() reports mistakes with line and path", async (t) => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "no JSON": ['{\n  "templates": }', "Unexpected token"],
    "a bad value": [
      '{\n"templates": {\n"web": {"cpu": "lots"}}}',
      'line 3, templates.web.cpu: expected cores ("4", "0.5")',
    ],
    "an unknown key, with what is meant": [
      '{"quotas": {"users": {"*": {\n"cpus": 1}}}}',
      "line 2, quotas.users.*.cpus: unknown; did you mean cpu?",
    ],
    "an unknown room": ['{"quota": {}}', "line 1, quota: unknown; did you mean quotas?"],
    "a key that is there twice": [
      '{"templates": {"a": {},\n"a": {}}}',
      "line 1, templates.a: it occurs twice",
    ],
    "a template that extends none": [
      '{"templates": {\n"web": {"extends": "bse"}, "base": {}}}',
      "line 2, templates.web.extends: there is no template bse; did you mean base?",
    ],
    "templates that extend each other": [
      '{"templates": {"a": {"extends": "b"}, "b": {"extends": "a"}}}',
      "line 1, templates.a.extends: it extends itself: a ← b ← a",
    ],
    "a recipe with what it decides itself": [
      '{"templates": {"llm": {"recipe": "ollama", "image": "images:x"}}}',
      "templates.llm.image: not together with recipe",
    ],
    "parameters of no stack": [
      '{"templates": {"web": {"stack_parameters": {"version": "22"}}}}',
      "templates.web.stack_parameters: only together with stack",
    ],
    "two places": [
      '{"templates": {"web": {"pool": "a", "backend": "b"}}}',
      "templates.web.pool: not together with backend",
    ],
    "a private key": [
      '{"templates": {"web": {"ssh_keys": ["-----BEGIN OPENSSH PRIVATE KEY-----"]}}}',
      "templates.web.ssh_keys.0: ",
    ],
    "a share of the host as a limit": [
      '{"quotas": {"teams": {"dev": {"memory": "50%"}}}}',
      'quotas.teams.dev.memory: expected a size such as "64GB"',
    ],
    "no word for containers without a team": [
      '{"quotas": {"without_team": "maybe"}}',
      'quotas.without_team: expected "refuse", "ignore" or {"team": "dev"}',
    ],
    "a grace that the daemon cannot keep": [
      '{"delete_grace": "30d"}',
      'delete_grace: expected "none" or a duration of at most 7 days, such as "24h"',
    ],
    "a team's grace that is none": [
      '{"delete_grace": {"teams": {"ops": "long"}}}',
      "delete_grace: expected",
    ],
    "a call that no snapshot is taken before": [
      '{"snapshot_before": ["delete"]}',
      'snapshot_before.0: Invalid option: expected one of "resize"|"install_stack"|"run_command as_root"',
    ],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await assertRejects(() => parsePolicy(text), PolicyError, expected);
    });
  }
  await t.step("all of them at once", async () => {
    const text = '{"templates": {"a": {"cpu": "x"},\n"b": {"disk": "y"}}}';
    const error = await assertRejects(() => parsePolicy(text), PolicyError);
    assertEquals(error.message.split("\n").length, 2);
  });
});

Deno.test("parsePolicy() quotes nothing of a file that is not JSON: it may contain a password", async () => {
  const text =
    '{"templates": {"db": {"stack": "mysql",\n"stack_parameters": {"password": hunter2}}}}';
  const error = await assertRejects(() => parsePolicy(text), PolicyError, "line 2");
  assert(!error.message.includes("hunter2"), error.message);
});

Deno.test("parsePolicy() lets a template inherit, and override, what it extends", async () => {
  const { templates } = await parsePolicy(`{"templates": {
    "base": {"cpu": "2", "os": "rocky_9", "labels": {"team": "dev", "tier": "low"}},
    "web": {"extends": "base", "description": "A web box", "image": "images:debian/12",
      "labels": {"tier": "high"}, "post_create": ["true"]},
    "big": {"extends": "web", "cpu": "8"}
  }}`);
  assertEquals(templates.get("big"), {
    name: "big",
    description: undefined,
    fields: {
      cpu: "8",
      image: "images:debian/12",
      labels: { team: "dev", tier: "high" },
      post_create: ["true"],
    },
  });
  assertEquals(templates.get("web")?.description, "A web box");
});

Deno.test("parsePolicy() lets a template choose another place than what it extends", async () => {
  const { templates } = await parsePolicy(`{"templates": {
    "base": {"pool": "small"}, "web": {"extends": "base", "backend": "host-b"}
  }}`);
  assertEquals(templates.get("web")?.fields, { backend: "host-b" });
});

Deno.test("parsePolicy() returns a policy or mistakes for any file, and never crashes", async () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const names = fc.constantFrom("base", "web", "__proto__", "constructor", "toString", "", "*");
  const fields = fc.dictionary(
    fc.constantFrom("cpu", "extends", "labels", "recipe", "gpus", "__proto__", "ttl"),
    fc.oneof(leaf, names, fc.array(leaf), fc.dictionary(names, leaf)),
  );
  const rooms = fc.dictionary(
    fc.constantFrom("templates", "quotas", "$schema", "__proto__"),
    fc.oneof(leaf, fc.dictionary(names, fc.oneof(leaf, fields))),
  );
  await fc.assert(
    fc.asyncProperty(rooms, async (file) => {
      try {
        const { templates } = await parsePolicy(JSON.stringify(file));
        for (const { name } of templates.values()) assert(name !== "");
      } catch (error) {
        assert(error instanceof PolicyError, String(error));
        for (const line of error.message.split("\n")) assert(/^line \d+, /.test(line), line);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("parsePolicy() reads what can be undone", async () => {
  const { deleteGrace, snapshotBefore } = await parsePolicy(JSON.stringify({
    "delete_grace": { teams: { ops: "7d", ci: "none", "*": "24h" } },
    "snapshot_before": ["resize", "run_command as_root"],
  }));
  assertEquals(deleteGrace, { teams: { ops: "7d", ci: "none", "*": "24h" } });
  assertEquals(snapshotBefore, ["resize", "run_command as_root"]);
});

Deno.test("withGrace() gives a policy that says nothing of it a grace, and leaves any other", async () => {
  const graceOf = async (text: string) => {
    const policy = await parsePolicy(text);
    return (await withGrace(() => Promise.resolve(policy), "24h")()).deleteGrace;
  };
  assertEquals(await graceOf("{}"), "24h");
  assertEquals(await graceOf('{"delete_grace": "none"}'), "none");
});

Deno.test("parsePolicy() returns a policy or mistakes for any text", async () => {
  const file = JSON.stringify({
    templates: {
      web: { cpu: "1", labels: { team: "dev" }, extends: "base" },
      base: { disk: "5GB" },
    },
    quotas: {
      users: { "*": { cpu: 8 } },
      teams: { dev: { containers: 2 } },
      "without_team": "ignore",
    },
    "delete_grace": { teams: { web: "24h" } },
  });
  const edit = fc.tuple(
    fc.nat(file.length),
    fc.nat(6),
    fc.oneof(
      fc.constantFrom("", "{", "}", '"', ",", "//", "\0", "\ufeff", "1e999", "[["),
      fc.string(),
    ),
  );
  const texts = fc.oneof(
    fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
      edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), file)
    ),
    fc.string({ unit: "binary" }),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      await parsePolicy(text).catch((error) => {
        assert(error instanceof PolicyError, `${text}: ${error}`);
      });
    }),
    { numRuns: 400 },
  );
});

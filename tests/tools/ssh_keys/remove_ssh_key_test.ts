import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fingerprintOf } from "../../../client/ssh_keys/key_blob.ts";
import { readKeyLine } from "../../../client/ssh_keys/key_line.ts";
import { removeSshKey } from "../../../tools/ssh_keys/remove_ssh_key.ts";
import { clientOf } from "../../client/connect.ts";
import { makeKey } from "../../client/ssh_keys/make_key.ts";
import { connect, type Session } from "../../connect.ts";
import { testWithPty } from "../../with_pty.ts";
import { changedBetween } from "../between.ts";
import { contextOf } from "../context.ts";
import {
  changeKeys,
  fileOf,
  hostCount,
  linesOf,
  refusal,
  startBox,
  takeFromHost,
  writeKeys,
} from "./box.ts";
import { makeTempFolder } from "../../temp.ts";

const fingerprint = (line: string) => fingerprintOf(readKeyLine(line)?.blob ?? new Uint8Array());

testWithPty("remove_ssh_key removes by fingerprint, comment or line, in both places", async (t) => {
  const line = `${await makeKey({ hasSlash: false })} alice@laptop`;
  const other = `${await makeKey()} other`;
  const choices = {
    fingerprint: await fingerprint(line),
    comment: "alice@laptop",
    "the whole line": line,
    "the line without its comment": line.split(" ").slice(0, 2).join(" "),
  };
  for (const [name, key] of Object.entries(choices)) {
    await t.step(name, async () => {
      await using daemon = await startBox({ sshKeys: [line, other] });
      await using session = await connect(daemon);
      const { outcomes, places, key: removed, text } = await changeKeys(
        session,
        "remove_ssh_key",
        { key },
      );
      assertEquals(outcomes, ["removed", "unknown"], text);
      assertStringIncludes(text, "host: unknown (1 there now): 1 line of it removed");
      assertEquals(places.map(({ keys }) => keys), [1, 1]);
      assertEquals(removed?.fingerprint, await fingerprint(line));
      assertEquals(await linesOf(daemon), [other]);
      assertEquals(await hostCount(daemon), 1);
      const again = await changeKeys(session, "remove_ssh_key", { key });
      const isLine = key.startsWith("ssh-");
      assertEquals(again.outcomes, ["absent", isLine ? "unknown" : "cannot"], again.text);
      assertEquals(again.text.includes("Next: list_ssh_keys shows the keys"), !isLine, again.text);
    });
  }
});

testWithPty("remove_ssh_key leaves every other byte as it was", async () => {
  const line = `${await makeKey()} me`;
  const bound = `from="*",command="echo ${line}" ${await makeKey()} decoy`;
  await using daemon = await startBox();
  await using session = await connect(daemon);
  const rest = new TextEncoder().encode(`# ${line}\r\n\n${bound}\nnonsense \xe9`);
  const raw = new Uint8Array([
    ...new TextEncoder().encode(`${line}\nno-pty ${line} too\n`),
    0xff,
    0xfe,
    10,
    ...rest,
  ]);
  await writeKeys(daemon, raw);
  const { outcomes } = await changeKeys(session, "remove_ssh_key", {
    key: await fingerprint(line),
  });
  assertEquals(outcomes[0], "removed");
  assertEquals(await Deno.readFile(fileOf(daemon)), new Uint8Array([0xff, 0xfe, 10, ...rest]));
});

testWithPty("remove_ssh_key removes nothing if several keys match", async () => {
  const twins = [`${await makeKey()} twin`, `${await makeKey()} twin`];
  await using daemon = await startBox({ sshKeys: twins });
  await using session = await connect(daemon);
  const text = await refusal(session, "remove_ssh_key", { key: "twin" });
  for (const line of twins) assertStringIncludes(text, await fingerprint(line));
  assertEquals([await linesOf(daemon), await hostCount(daemon)], [twins, 2]);
});

testWithPty("remove_ssh_key says what a slash leaves on the host", async (t) => {
  const slash = `${await makeKey({ hasSlash: true })} me`;
  await t.step("where there is something", async () => {
    await using daemon = await startBox({ sshKeys: [slash, `${await makeKey()} other`] });
    await using session = await connect(daemon);
    const { outcomes, places } = await changeKeys(session, "remove_ssh_key", { key: "me" });
    assertEquals(outcomes, ["removed", "cannot"]);
    const why = places[1]?.why ?? "";
    assertStringIncludes(why, 'holds a "/"');
    assertStringIncludes(why, "among the 2 lines there");
    const command = /sudo (sed .*) \/home\/alice\/\.ssh\/authorized_keys$/.exec(why)?.[1] ?? "";
    await using folder = await makeTempFolder();
    const file = await folder.write("authorized_keys", `${slash}\nrest\n`);
    const { success } = await new Deno.Command("sh", { args: ["-c", `${command} ${file}`] })
      .output();
    assertEquals([success, await Deno.readTextFile(file)], [true, "rest\n"], command);
    assertEquals(await hostCount(daemon), 2);
  });
  await t.step("where there is nothing", async () => {
    await using daemon = await startBox();
    await using session = await connect(daemon);
    await writeKeys(daemon, `${slash}\n`);
    const { outcomes } = await changeKeys(session, "remove_ssh_key", { key: slash });
    assertEquals(outcomes, ["removed", "absent"]);
  });
  await t.step("in the comment only", async () => {
    const line = `${await makeKey({ hasSlash: false })} a/b`;
    await using daemon = await startBox({ sshKeys: [line] });
    await using session = await connect(daemon);
    const { outcomes } = await changeKeys(session, "remove_ssh_key", { key: "a/b" });
    assertEquals(outcomes, ["removed", "cannot"]);
  });
});

testWithPty(
  "remove_ssh_key reaches the host of a stopped container by the whole line",
  async () => {
    const line = `${await makeKey({ hasSlash: false })} me+you @100%`;
    await using daemon = await startBox({ sshKeys: [line] });
    await using session = await connect(daemon);
    const bob = { username: "bob" };
    for (const key of ["me+you @100%", await fingerprint(line)]) {
      const text = await refusal(session, "remove_ssh_key", { ...bob, key });
      assertStringIncludes(text, "bob-container is stopped");
      assertStringIncludes(text, "pass the line");
    }
    const { outcomes, places } = await changeKeys(session, "remove_ssh_key", { ...bob, key: line });
    assertEquals(outcomes, ["cannot", "removed"]);
    assertStringIncludes(places[0]?.why ?? "", "start_container");
    assertEquals(await takeFromHost(daemon, line, "bob"), false);
  },
);

testWithPty("remove_ssh_key asks if it is unknown whether another key is left", async () => {
  const line = `${await makeKey({ hasSlash: false })} me`;
  await using daemon = await startBox({ sshKeys: [line] });
  await using session = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  session.onRequest("elicitation/create", ({ message }) => {
    asked.push(message);
    return { action: "decline" };
  });
  const text = await refusal(session, "remove_ssh_key", { username: "bob", key: line });
  assertStringIncludes(text, "The user declined");
  assertStringIncludes(String(asked[0]), ' "me" of bob-container? ');
  assertStringIncludes(String(asked[0]), "it may be the last one there");
  assertEquals(await takeFromHost(daemon, line, "bob"), true);
});

testWithPty("remove_ssh_key asks before it removes the last key of the container", async (t) => {
  const line = `${await makeKey({ hasSlash: false })} \x1blast`;
  const other = `${await makeKey({ hasSlash: false })} other`;
  await using daemon = await startBox({ sshKeys: [line, other] });
  await using session = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked: unknown[] = [];
  const actions = ["decline", "accept"];
  session.onRequest("elicitation/create", ({ message }) => {
    const action = actions[asked.length];
    asked.push(message);
    return action === "accept" ? { action, content: { confirm: true } } : { action };
  });
  await t.step("not while another is left, and not for what is not there", async () => {
    await changeKeys(session, "remove_ssh_key", { key: "other" });
    await changeKeys(session, "remove_ssh_key", { key: "other" });
    assertEquals(asked, []);
  });
  const key = await fingerprint(line);
  await t.step("no means no", async () => {
    const text = await refusal(session, "remove_ssh_key", { key });
    assertStringIncludes(text, "The user declined");
    assertEquals(await linesOf(daemon), [line]);
    assertEquals(asked, [
      `Remove the SSH key ssh-ed25519 ${key} "\\u{1b}last" of alice-container? It is the last key in ` +
      "the container: nobody can then log in to it directly. The host has one key for this user: " +
      "if it is this one, nobody can then log in through a sentinel.",
    ]);
  });
  await t.step("yes removes it", async () => {
    const { outcomes, places } = await changeKeys(session, "remove_ssh_key", { key });
    assertEquals([outcomes[0], places[0]?.keys, asked.length], ["removed", 0, 2]);
    assertEquals(await linesOf(daemon), []);
  });
});

testWithPty(
  "remove_ssh_key removes no key that became the last after it was not asked for",
  async () => {
    const lines = [`${await makeKey()} one`, `${await makeKey()} two`];
    await using daemon = await startBox({ sshKeys: lines });
    using client = await clientOf(daemon);
    const context = contextOf(client);
    const args = removeSshKey.input.parse({ username: "alice", key: "one" });
    const { question, agreed } = await removeSshKey.consent?.(args, context) ?? {};
    assertEquals(question, undefined);
    await writeKeys(daemon, `${lines[0]}\n`);
    const failure = await removeSshKey.run(args, context, agreed)
      .catch((error: unknown) => String(error));
    assert(
      /become the last key of alice-container in the meantime/.test(String(failure)),
      String(failure),
    );
    assertEquals(await linesOf(daemon), lines.slice(0, 1));
    await client.closeTerminals();
  },
);

testWithPty("remove_ssh_key loses no concurrent edit", async () => {
  const kept = await Promise.all(
    Array.from({ length: 4 }, async (_, n) => `${await makeKey()} kept-${n}`),
  );
  const gone = await Promise.all(
    Array.from({ length: 4 }, async (_, n) => `${await makeKey()} gone-${n}`),
  );
  await using daemon = await startBox({ sshKeys: [`${await makeKey()} base`, ...gone] });
  await using session = await connect(daemon);
  await Promise.all([
    ...kept.map((line) => changeKeys(session, "add_ssh_key", { public_key: line })),
    ...gone.map((line) => changeKeys(session, "remove_ssh_key", { key: line })),
  ]);
  const comments = (await linesOf(daemon)).map((line) => line.split(" ")[2]).sort();
  assertEquals(comments, ["base", "kept-0", "kept-1", "kept-2", "kept-3"]);
  await session.closeStdin();
  await session.exited;
  assertEquals(await daemon.leftovers("alice"), { processes: [], files: [] });
});

/** Answers no to every question, and returns the questions. */
function refusing(session: Session): readonly string[] {
  const asked: string[] = [];
  session.onRequest("elicitation/create", ({ message }) => {
    asked.push(String(message));
    return { action: "decline" };
  });
  return asked;
}

testWithPty(
  "remove_ssh_key does not call a key removed that may still be on the host",
  async () => {
    const key = await makeKey({ hasSlash: false });
    await using daemon = await startBox({ sshKeys: [`${key} here`] });
    await using session = await connect(daemon);
    await changeKeys(session, "add_ssh_key", { public_key: `${key} there`, places: ["host"] });
    const { outcomes, places, text } = await changeKeys(session, "remove_ssh_key", { key: "here" });
    assertEquals(outcomes, ["removed", "unknown"]);
    assertEquals(text.split("\n")[0], "Removed in the container, perhaps NOT on the host.");
    assertStringIncludes(places[1]?.why ?? "", "under another comment among the 1 line there");
    assertEquals(daemon.hostKeys("alice"), [`${key} there`]);
  },
);

testWithPty("remove_ssh_key first says what did not happen", async (t) => {
  const slash = `${await makeKey({ hasSlash: true })} me`;
  await using daemon = await startBox({ sshKeys: [slash, `${await makeKey()} other`] });
  await using session = await connect(daemon);
  await t.step("on the host", async () => {
    const { text, summary } = await changeKeys(session, "remove_ssh_key", { key: "me" });
    assertEquals(text.split("\n")[0], "Removed in the container, NOT on the host.");
    assertEquals(summary, "Removed in the container, NOT on the host.");
  });
  await t.step("in the container", async () => {
    const line = `${await makeKey({ hasSlash: false })} bob`;
    const args = { username: "bob", "public_key": line, places: ["host"] };
    await changeKeys(session, "add_ssh_key", args);
    const { text } = await changeKeys(session, "remove_ssh_key", { username: "bob", key: line });
    assertStringIncludes(text.split("\n")[0] ?? "", "NOT removed in the container, perhaps NOT");
  });
});

testWithPty(
  "remove_ssh_key's command for an operator removes exactly this key",
  async () => {
    const key = await makeKey({ hasSlash: true });
    await using daemon = await startBox({ sshKeys: [`${key} me`, `${await makeKey()} other`] });
    await using session = await connect(daemon);
    const { places } = await changeKeys(session, "remove_ssh_key", { key: "me" });
    const command = /sudo (sed .*) \/home\/alice\/\.ssh\/authorized_keys$/.exec(
      places[1]?.why ?? "",
    );
    const others = [
      `${await makeKey()} another`,
      `command="echo ${key} x" ${await makeKey()} quotes it`,
      `${await makeKey()} ${key}`,
      `${key}AAAA longer`,
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 decoy",
    ];
    await using folder = await makeTempFolder();
    const file = await folder.write(
      "authorized_keys",
      [key, ...others, `${key} b c`, key.replace(" ", "  ")].join("\n"),
    );
    const { success } = await new Deno.Command("sh", { args: ["-c", `${command?.[1]} ${file}`] })
      .output();
    assertEquals([success, await Deno.readTextFile(file)], [true, `${others.join("\n")}\n`]);
  },
);

testWithPty("remove_ssh_key asks if the keys cannot be read, for any reason", async (t) => {
  const line = `${await makeKey({ hasSlash: false })} me`;
  const others = [`${await makeKey()} two`, `${await makeKey()} three`];
  await t.step("a file that cannot be read", async () => {
    await using daemon = await startBox({ sshKeys: [line, ...others] });
    await using session = await connect(daemon, { capabilities: { elicitation: {} } });
    const asked = refusing(session);
    // Instead of a file without permissions, which root can read all the same.
    await Deno.remove(fileOf(daemon));
    await Deno.mkdir(fileOf(daemon));
    await refusal(session, "remove_ssh_key", { key: line });
    assertEquals(asked.length, 1);
    assertStringIncludes(asked[0] ?? "", "cannot be read, so it may be the last one there");
    assertEquals(await hostCount(daemon), 3);
    await refusal(session, "remove_ssh_key", { key: 'me" of alice. Not "two' });
    assertStringIncludes(
      asked[1] ?? "",
      'Remove the SSH key "me\\u{22} of alice. Not \\u{22}two" of alice-container?',
    );
  });
  await t.step("a host that cannot be counted", async () => {
    await using daemon = await startBox({ sshKeys: [line, ...others] });
    await using session = await connect(daemon, { capabilities: { elicitation: {} } });
    const asked = refusing(session);
    daemon.inject({
      kind: "answer",
      method: "DELETE",
      path: /ssh-keys/,
      status: 500,
      body: '{"code":2,"message":"remove authorized key: disk full","details":[]}',
    });
    await refusal(session, "remove_ssh_key", { key: "me" });
    assertStringIncludes(asked[0] ?? "", "cannot be counted, so it may be the last one there");
    assertEquals(await linesOf(daemon), [line, ...others]);
  });
});

testWithPty("remove_ssh_key counts as another key only one that allows a login", async (t) => {
  const line = `${await makeKey({ hasSlash: false })} me`;
  const decoys: Readonly<Record<string, string>> = {
    "a type without a key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 decoy",
    "an authority": `cert-authority ${await makeKey()} ca`,
    "a forced command": `command="true" ${await makeKey()} forced`,
    "an option that sshd does not know": `nonsense ${await makeKey()} ignored`,
    "a remark": `# ${await makeKey()} off`,
  };
  await using daemon = await startBox({
    sshKeys: [`${await makeKey()} a`, `${await makeKey()} b`],
  });
  await using session = await connect(daemon, { capabilities: { elicitation: {} } });
  const asked = refusing(session);
  for (const [name, decoy] of Object.entries(decoys)) {
    await t.step(name, async () => {
      await writeKeys(daemon, `${decoy}\n${line}\n`);
      const before = asked.length;
      await refusal(session, "remove_ssh_key", { key: "me" });
      assertEquals(asked.length, before + 1);
      assertStringIncludes(asked[before] ?? "", "It is the last key in the container");
    });
  }
});

testWithPty("remove_ssh_key asks before it removes the last key on the host", async () => {
  const line = `${await makeKey({ hasSlash: false })} me`;
  await using daemon = await startBox({ sshKeys: [line] });
  await using session = await connect(daemon, { capabilities: { elicitation: {} } });
  const more = { "public_key": `${await makeKey()} more`, places: ["container"] };
  await changeKeys(session, "add_ssh_key", more);
  const asked = refusing(session);
  await refusal(session, "remove_ssh_key", { key: "me" });
  assertEquals(asked.length, 1);
  assertStringIncludes(asked[0] ?? "", "The host has one key for this user");
  assertEquals([asked[0]?.includes("last key in the container"), await hostCount(daemon)], [
    false,
    1,
  ]);
});

testWithPty(
  "remove_ssh_key leaves a key on the host that became the last one unasked",
  async () => {
    const [line, other] = [
      `${await makeKey({ hasSlash: false })} me`,
      `${await makeKey({ hasSlash: false })} other`,
    ];
    await using daemon = await startBox({ sshKeys: [line, other] });
    using client = await clientOf(daemon);
    const { question, answer } = await changedBetween(
      removeSshKey,
      { username: "alice", key: "me" },
      contextOf(client),
      () => takeFromHost(daemon, other),
    );
    assertEquals(question, undefined);
    assertEquals(answer?.places.map(({ outcome }) => outcome), ["removed", "cannot"]);
    assertStringIncludes(answer?.places[1]?.why ?? "", "the user did not agree to its removal");
    assertEquals(daemon.hostKeys("alice"), [line]);
    await client.closeTerminals();
  },
);

testWithPty("remove_ssh_key removes no key but the one that the user agreed to", async (t) => {
  const mine = `${await makeKey()} me`;
  const others = [`${await makeKey()} a`, `${await makeKey()} b`];
  const cases: Readonly<Record<string, readonly string[]>> = {
    "another has its comment now": [mine, ...others],
    "there was none when the user was asked": others,
  };
  for (const [name, before] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using daemon = await startBox({ sshKeys: before });
      using client = await clientOf(daemon);
      const now = [`${await makeKey()} me`, ...others];
      const { refusal } = await changedBetween(
        removeSshKey,
        { username: "alice", key: "me" },
        contextOf(client),
        () => writeKeys(daemon, `${now.join("\n")}\n`),
      );
      assertEquals(refusal?.reason, "changed_since_agreed");
      assertEquals(await linesOf(daemon), now);
      await client.closeTerminals();
    });
  }
});

testWithPty(
  "remove_ssh_key tries 20 lines on the host, however many the container has",
  async () => {
    const line = await makeKey({ hasSlash: false });
    await using daemon = await startBox({ sshKeys: [`${await makeKey()} other`] });
    await using session = await connect(daemon);
    const comments = Array.from({ length: 500 }, (_, n) => `${line} comment-${n}`);
    await writeKeys(daemon, `${comments.join("\n")}\n${line} ${"long".repeat(3_000)}\n`);
    const { outcomes, places } = await changeKeys(session, "remove_ssh_key", {
      key: await fingerprint(line),
    });
    assertEquals(outcomes, ["removed", "unknown"]);
    assertStringIncludes(
      places[1]?.why ?? "",
      "and 481 more that the container has were not tried",
    );
    // One to count the lines before the agreement, one after it, and the lines.
    assertEquals(daemon.count("DELETE"), 22);
  },
);

import { withoutSecrets } from "../../client/internal.ts";
import type { Command, CommandContext } from "../command.ts";
import { type Given, settingFlags } from "../command_line.ts";
import { print } from "../print.ts";
import { Environment } from "../sources.ts";
import { type Check, renderCheck } from "./check.ts";
import { examine } from "./examine.ts";

/** Finds out why the server does not work, step by step from the settings to the daemon. */
export const doctorCommand: Command = {
  usage: "[FLAG…]",
  about: "Checks settings, permissions, the connection, the token and the daemon, in this order, " +
    "and\nsays what to do. It changes nothing, and shows no secret.",
  flags: {
    ...settingFlags,
    json: { help: "Print one JSON object at the end instead" },
  },
  notes:
    "Start it exactly as the client starts the server: with the same flags, permissions and\n" +
    "environment. Exit code: 0 if nothing failed (warnings are no failure), 1 otherwise.",
  run: diagnose,
};

async function diagnose(given: Given, context: CommandContext): Promise<number> {
  const isJson = given.options.json !== undefined;
  const environment = new Environment(context.readVariable);
  let redact = withoutSecrets;
  const checks: Check[] = [];
  const onToken = (known: (text: string) => string) => {
    redact = (text) => withoutSecrets(known(text));
  };
  for await (const { name, status, found, next } of examine(given, environment, onToken)) {
    const check = {
      name,
      status,
      found: redact(found),
      next: next === undefined ? undefined : redact(next),
    };
    checks.push(check);
    if (!isJson) await print(renderCheck(check), context);
  }
  const count = (wanted: Check["status"]) =>
    checks.filter(({ status }) => status === wanted).length;
  const failures = count("failed");
  const warnings = count("warning");
  if (isJson) {
    await print(`${JSON.stringify({ ok: failures === 0, checks }, undefined, 2)}\n`, context);
  } else {
    const noun = warnings === 1 ? "warning" : "warnings";
    await print(`\n${failures} failed, ${warnings} ${noun}, ${count("ok")} ok\n`, context);
  }
  return failures === 0 ? 0 : 1;
}

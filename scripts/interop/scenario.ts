/** What every client is made to do, as its driver reads it. @module */
import { promptEntries, resourceEntries } from "../../tools/entries.ts";
import type { Daemon } from "../../tests/daemon/mod.ts";
import type { ExampleWorld } from "../example_world.ts";
import { exampleCalls } from "../examples.ts";
import type { Expected } from "./results.ts";

/** A call of a tool. */
export interface ScenarioCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a driver reads from the file that it is started with: see `scripts/interop.ts`. */
export interface Scenario {
  /** The server's command. */
  readonly server: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** The revision of MCP that the client has to negotiate. */
  readonly revision: Revision;
  /** In order; `TERMINAL_ID` stands for the 20 digits after "terminal_id" in the answer of open_terminal. */
  readonly calls: readonly ScenarioCall[];
  /** A call that fails, and what is in its text. */
  readonly error: ScenarioCall & { readonly contains: string };
  readonly resources: readonly string[];
  readonly templates: readonly string[];
  readonly prompts: readonly {
    readonly name: string;
    readonly arguments: Readonly<Record<string, string>>;
  }[];
  /** Of a variable of a template. */
  readonly completion: {
    readonly uri: string;
    readonly argument: string;
    readonly value: string;
    readonly expected: readonly string[];
  };
  /** A call that reports progress. */
  readonly progress: ScenarioCall;
  /** A call that is canceled. */
  readonly cancellation: ScenarioCall;
  /** A resource, and a call that changes it. */
  readonly update: ScenarioCall & { readonly uri: string };
  /** A call that asks the user, who accepts. */
  readonly question: ScenarioCall;
  /** A call that asks the user, who declines: any question that contains `declines`. */
  readonly refusal: ScenarioCall & { readonly declines: string };
}

/** A revision of MCP. */
export type Revision = "2025-11-25" | "2026-07-28";

/** Containers that no example knows, each for one thing. */
const seeds = {
  changed: "dora",
  deleted: "emil",
  kept: "finn",
  held: "gina",
  created: "hugo",
} as const;

/** What is in the world beside what the examples create. */
export const containers: readonly { readonly username: string; readonly snapshots?: string[] }[] = [
  { username: seeds.changed, snapshots: ["before"] },
  { username: seeds.deleted },
  { username: seeds.kept },
  { username: seeds.held },
];

const promptArguments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "onboard-team": { team: "ci", usernames: "ci-7, ci-8" },
  "troubleshoot-container": { username: seeds.changed },
  "snapshot-before-change": { username: seeds.changed, change: "upgrade" },
  "deploy-app": { app: "web", username: seeds.changed },
};

/** URIs and templates that lists name. */
const listed = resourceEntries.filter(({ isListed }) => isListed !== false)
  .map(({ description }) => description.uri);

/** Returns what a driver has to do in a world. */
export function scenarioFor(
  world: ExampleWorld,
  server: Scenario["server"],
  revision: Revision,
): Scenario {
  return {
    server,
    revision,
    calls: exampleCalls.map(([tool, args]) => ({
      tool,
      arguments: /^(send_to|close)_terminal$/.test(tool)
        ? { "terminal_id": "TERMINAL_ID", ...args }
        : world.located(args),
    })),
    error: {
      tool: "get_container",
      arguments: { username: "nobody" },
      contains: "There is no container for nobody",
    },
    resources: listed.map(filled),
    templates: listed.filter((uri) => uri.includes("{")),
    prompts: promptEntries.map(({ description: { name } }) => ({
      name,
      arguments: promptArguments[name] ?? {},
    })),
    completion: {
      uri: "containarium://containers/{username}",
      argument: "username",
      value: "dor",
      expected: [seeds.changed],
    },
    progress: {
      tool: "create_container",
      arguments: { username: seeds.created, wait_seconds: 20 },
    },
    cancellation: { tool: "get_container", arguments: { username: seeds.held } },
    update: {
      uri: `containarium://containers/${seeds.changed}`,
      tool: "stop_container",
      arguments: { username: seeds.changed },
    },
    question: { tool: "delete_container", arguments: { username: seeds.deleted } },
    refusal: {
      tool: "delete_container",
      arguments: { username: seeds.kept },
      declines: `${seeds.kept}-container`,
    },
  };
}

function filled(uri: string): string {
  return uri.replace("{username}", seeds.changed).replace("{snapshot}", "before")
    .replace("{state}", "running").replace("{template}", "web");
}

/** Returns what a driver has to report on one by one. */
export function expectedIn({ calls, resources, templates, prompts }: Scenario): Expected {
  const tools = [...new Set(calls.map(({ tool }) => tool))];
  return {
    tools,
    declarations: tools,
    resources,
    templates,
    prompts: prompts.map(({ name }) => name),
  };
}

/** Holds the request of the call that is canceled. */
export function holdCanceled(daemon: Daemon): ReturnType<Daemon["hold"]> {
  return daemon.hold("GET", `/v1/containers/${seeds.held}`);
}

/** Returns what is wrong in the daemon after a client's user was asked, if anything. */
export function whatAnswersDid(daemon: Daemon): string | undefined {
  if (daemon.state(seeds.deleted) !== undefined) return "what the user agreed to was not done";
  return daemon.state(seeds.kept) === undefined ? "what the user declined was done" : undefined;
}

import { type Mutant, onOneLine } from "./mutant.ts";
import { isAlive, type Standing } from "./verdicts.ts";

/** Mutants that behave as the original does, so that no test can find them. */
export interface Equivalent {
  /** Path of the file. */
  readonly file: string;
  /** What stands in the source, in one place or in several, or how that begins, without line breaks. */
  readonly original: string | readonly string[];
  /** What the mutants have in its place. */
  readonly mutations: readonly string[];
  /** Why that makes no difference. */
  readonly reason: string;
}

/** Reviewed by hand. `make mutation` refuses what no longer fits a mutant that lives. */
export const equivalents: readonly Equivalent[] = [
  {
    file: "tools/admission/scopes.ts",
    original: 'typeof quotas.without_team === "string"',
    mutations: ["false"],
    reason: 'The words "refuse" and "ignore" have no property `team`, so that is undefined, too.',
  },
  {
    file: "client/transport/direct.ts",
    original: '"aborted"',
    mutations: ['""'],
    reason: "Nobody sees it: the signal's reason is thrown in its place.",
  },
  {
    file: "tools/bulk/usernames.ts",
    original: "usernames.length > MAX_CONTAINERS",
    mutations: ["usernames.length >= MAX_CONTAINERS"],
    reason: "One of the two is asked only of 0 or of more than the maximum.",
  },
  {
    file: "server/by_hand.ts",
    original: "{ input: new ReadableStream<Uint8Array>(), write: () => Promise.resolve() }",
    mutations: ["{}"],
    reason:
      "A call by hand reads no input and writes no output; only the type of settings has them.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: "[]",
    mutations: ['["Something else"]'],
    reason: "A text has no value of an id in it, so that nothing is changed in what is no object.",
  },
  {
    file: "tools/bulk/create_containers.ts",
    original: 'make.kind === "container"',
    mutations: ["true"],
    reason: "A recipe has no backend: the comparison is for the type checker.",
  },
  {
    file: "tools/bulk/execute.ts",
    original: '{ kind: "not_begun" }',
    mutations: ["{}"],
    reason: "Each task has a fate: the other one is for the type checker.",
  },
  {
    file: "tools/bulk/execute.ts",
    original: '"not_begun"',
    mutations: ['""'],
    reason: "Each task has a fate: the other one is for the type checker.",
  },
  {
    file: "tools/bulk/deletion.ts",
    original: 'case "permanent": return [{ container }];',
    mutations: ['case "permanent":'],
    reason: "What is deleted for good has no grace, so that the next case returns the same.",
  },
  {
    file: "tools/bulk/deletion.ts",
    original: 'plan.kind === "recoverable"',
    mutations: ["true"],
    reason: "What is deleted for good has no grace: the comparison is for the type checker.",
  },
  {
    file: "tools/bulk/placement.ts",
    original: "isPlanned(entry)",
    mutations: ["true"],
    reason: "What is there has no demand, and so no place.",
  },
  {
    file: "tools/bulk/placement.ts",
    original: 'make.kind !== "container"',
    mutations: ["false"],
    reason: "Only containers are placed: the comparison is for the type checker.",
  },
  {
    file: "tools/bulk/usernames.ts",
    original: '"custom"',
    mutations: ['""'],
    reason: "Of a mistake with a message of its own, nobody looks at the code.",
  },
  {
    file: "tools/bulk/specs.ts",
    original: '"custom"',
    mutations: ['""'],
    reason: "Of a mistake with a message of its own, nobody looks at the code.",
  },
  {
    file: "tools/bulk/specs.ts",
    original: "usernames?.map((username) => ({ username }))",
    mutations: ["usernames.map((username) => ({ username }))"],
    reason: "One of the two lists is there: the question mark is for the type checker.",
  },
  {
    file: "tools/bulk/specs.ts",
    original: "!(error instanceof ContainariumError)",
    mutations: ["false"],
    reason: "A creation is refused with nothing else: the comparison is for the type checker.",
  },
  {
    file: "client/containers/list.ts",
    original: "state !== undefined",
    mutations: ["true"],
    reason: "Nothing absent is among the states that can be asked for.",
  },
  {
    file: "client/containers/list.ts",
    original: "a.username > b.username",
    mutations: [
      "true",
      "false",
      "a.username >= b.username",
      "a.username <= b.username",
    ],
    reason: "The runtime's sort asks only whether one comes before the other.",
  },
  {
    file: "client/containers/image.ts",
    original: "image.length + os.length > LONG",
    mutations: ["true", "false", "image.length + os.length >= LONG"],
    reason: "It decides only whether a verdict is remembered, not what it is.",
  },
  {
    file: "client/containers/container_row.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "A text that names no distribution contradicts no operating system.",
  },
  {
    file: "client/containers/create.ts",
    original: "performance.now() < this.#until",
    mutations: ["performance.now() <= this.#until"],
    reason: "Nobody can tell from which side a moment ends.",
  },
  {
    file: "client/containers/create_request.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "No field that is sent has that name.",
  },
  {
    file: "client/containers/delete.ts",
    original: '"ambiguous"',
    mutations: ['""'],
    reason: "What goes wrong after a write is called ambiguous, whatever it is.",
  },
  {
    file: "client/containers/delete_later.ts",
    original: ["!(error instanceof ContainariumError)", "!(failure instanceof ContainariumError)"],
    mutations: ["false"],
    reason: "Requests fail with nothing else: the comparison is for the type checker.",
  },
  {
    file: "client/containers/delete_later.ts",
    original: ['"running"', '"stopped"', '"failed"'],
    mutations: ['""'],
    reason: "A function without a return returns undefined, too.",
  },
  {
    file: "client/containers/deletion_record.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "The pattern has these groups in each match, and matches neither text.",
  },
  {
    file: "client/containers/ends_processes.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "Neither is an action.",
  },
  {
    file: "client/containers/firewall.ts",
    original: ['"topology"', '"nodes"', '"node"'],
    mutations: ['""'],
    reason: "Nobody sees what part of the topology cannot be read: that counts as not attached.",
  },
  {
    file: "client/containers/image.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "No distribution and no release has that name.",
  },
  {
    file: "client/containers/image.ts",
    original: "[]",
    mutations: ['["Something else"]'],
    reason: "Of what does not match, the first text is not looked at.",
  },
  {
    file: "client/containers/image.ts",
    original: ["name === undefined", "release === undefined"],
    mutations: ["false"],
    reason: "A match has both, and without a match there is neither.",
  },
  {
    file: "client/containers/image.ts",
    original: "name === undefined || release === undefined",
    mutations: ["(name === undefined) && (release === undefined)"],
    reason: "A match has both, and without a match there is neither.",
  },
  {
    file: "client/containers/image.ts",
    original: "default: return undefined;",
    mutations: ["default:"],
    reason: "A function without a return returns undefined, too.",
  },
  {
    file: "client/containers/container_row.ts",
    original: '"labels"',
    mutations: ['""'],
    reason: "Labels that are no object are found, and named, where the row is made.",
  },
  {
    file: "client/containers/quantities.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "A size has a unit or an empty one, and that of one byte is the first in any case.",
  },
  {
    file: "client/containers/quantities.ts",
    original: "[]",
    mutations: ['["Something else"]'],
    reason: "Of what does not match, the first text is not looked at.",
  },
  {
    file: "client/containers/quantities.ts",
    original: "digits === undefined",
    mutations: ["false"],
    reason: "Without digits there is no number, which is no size either.",
  },
  {
    file: "client/containers/resize.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "Neither is a size.",
  },
  {
    file: "client/containers/restart.ts",
    original: ["!(error instanceof ContainariumError)", "!(unread instanceof ContainariumError)"],
    mutations: ["false"],
    reason: "Requests fail with nothing else: the comparison is for the type checker.",
  },
  {
    file: "client/containers/start_stop.ts",
    original: ['"running"', '"stopped"', '"failed"', '"unknown"'],
    mutations: ['""'],
    reason: "The case does nothing, as a state does that fits no case.",
  },
  {
    file: "client/containers/start_stop.ts",
    original: 'case "unknown": return;',
    mutations: ['case "unknown":'],
    reason: "Nothing comes after the last case.",
  },
  {
    file: "client/containers/update.ts",
    original: "{ labels: {} }",
    mutations: ["{}"],
    reason: "To spread nothing adds as little as to spread an empty object.",
  },
  {
    file: "server/by_hand.ts",
    original: "Promise.resolve()",
    mutations: ["undefined"],
    reason: "A call by hand writes no output.",
  },
  {
    file: "server/by_hand.ts",
    original: "[]",
    mutations: ['["Something else"]'],
    reason: "Every result of a call has a list of contents.",
  },
  {
    file: "server/by_hand.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "Every result of a call begins with a text.",
  },
  {
    file: "server/calls/arguments.ts",
    original: "default: return undefined;",
    mutations: ["default:"],
    reason: "A function without a return returns that, too.",
  },
  {
    file: "server/calls/call.ts",
    original: '"timeout"',
    mutations: ['""'],
    reason: "A call that was given up has an error of its own.",
  },
  {
    file: "server/reading/reading_error.ts",
    original: '"Cancelled"',
    mutations: ['""'],
    reason: "Nobody reads it: a canceled request gets no answer.",
  },
  {
    file: "server/reading/resources.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "A URI that fits has a value for each variable.",
  },
  {
    file: "server/reading/uri_template.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "There are as many values as names, and none is absent by then.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "Neither is a whole number, so that neither stands for an id.",
  },
  {
    file: "server/updates/state_checks.ts",
    original: '""',
    mutations: ['"Something else"'],
    reason: "Only a resource with a state is looked at.",
  },
  {
    file: "server/log/trace.ts",
    original: "text.slice(0, MAX_LOGGED_CHARS + MAX_TOKEN_CHARS)",
    mutations: ["text"],
    reason: "It only bounds what is searched: of what comes behind, nothing is shown.",
  },
  {
    file: "server/stdio/lines.ts",
    original: "[]",
    mutations: ['["Something else"]'],
    reason: "The pieces of a line that is too long are joined no more.",
  },
  {
    file: "server/updates/state_checks.ts",
    original: [
      '"unauthenticated"',
      '"resource_exhausted"',
      '"unavailable"',
      '"timeout"',
      '"cancelled"',
      '"ambiguous"',
      '"internal"',
    ],
    mutations: ['""'],
    reason: "Whatever has no case returns nothing, which counts as false, too.",
  },
  {
    file: "server/updates/state_checks.ts",
    original: 'case "internal": return false;',
    mutations: ['case "internal":'],
    reason: "Whatever has no case returns nothing, which counts as false, too.",
  },
  {
    file: "server/calls/output.ts",
    original: "isObject(place)",
    mutations: ["true"],
    reason: "Only objects have keys that their schema does not know.",
  },
  {
    file: "server/calls/output.ts",
    original: ['typeof value === "object"'],
    mutations: ["true"],
    reason: "Only objects have keys that their schema does not know.",
  },
  {
    file: "server/calls/output.ts",
    original: "value !== null",
    mutations: ["true"],
    reason: "Only objects have keys that their schema does not know.",
  },
  {
    file: "server/calls/output.ts",
    original: 'typeof value === "object" && value !== null',
    mutations: ['(typeof value === "object") || (value !== null)'],
    reason: "Only objects have keys that their schema does not know.",
  },
  {
    file: "server/calls/output.ts",
    original: "[]",
    mutations: ['["Something else"]'],
    reason: "An answer with any other fault is refused.",
  },
  {
    file: "server/log/trace.ts",
    original: 'typeof called === "string"',
    mutations: ["true"],
    reason: "No tool is called what is no text: the comparison is for the type checker.",
  },
  {
    file: "server/reading/completions.ts",
    original: "Object.hasOwn(variables, name)",
    mutations: ["true"],
    reason: "Nothing that every object has has candidates.",
  },
  {
    file: "server/reading/completions.ts",
    original: "variables[name]?.candidates",
    mutations: ["variables[name].candidates"],
    reason: "It is there: the question mark is for the type checker.",
  },
  {
    file: "server/views.ts",
    original: "view === undefined",
    mutations: ["false"],
    reason: "No resource is without an address: the comparison is for the type checker.",
  },
  {
    file: "server/stdio/messages.ts",
    original: "error !== null",
    mutations: ["true"],
    reason: "With neither a result nor an error, neither form is a message.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: 'typeof value === "number"',
    mutations: ["true"],
    reason: "What it writes down besides the ids that are lost is not looked at.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: 'typeof value === "number" && !Number.isSafeInteger(value)',
    mutations: ['(typeof value === "number") || (!Number.isSafeInteger(value))'],
    reason: "What it writes down besides the ids that are lost is not looked at.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: '"id"',
    mutations: ['""'],
    reason: "What it writes down besides the ids that are lost is not looked at.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: 'name === "id"',
    mutations: ["false"],
    reason: "What it writes down besides the ids that are lost is not looked at.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: "isLarge && isPlace",
    mutations: ["true", "(isLarge) || (isPlace)"],
    reason: "What it writes down besides the ids that are lost is not looked at.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: "context?.source",
    mutations: ["context.source"],
    reason: "The runtime passes a context with every value.",
  },
  {
    file: "server/reading/uri_template.ts",
    original: "{ return undefined; }",
    mutations: ["{}"],
    reason: "A function without a return returns that, too.",
  },
  {
    file: "server/harmless_arguments.ts",
    original: "default: return undefined;",
    mutations: ["default:"],
    reason: "A function without a return returns that, too.",
  },
  {
    file: "server/stdio/request_ids.ts",
    original: 'typeof value === "string"',
    mutations: ["false"],
    reason: "An id that is a text stays as it is.",
  },
  {
    file: "server/stdio/messages.ts",
    original: 'typeof id === "number"',
    mutations: ["true"],
    reason: "Only numbers are safe integers: the comparison is for the type checker.",
  },
  {
    file: "server/modern/open_questions.ts",
    original: "Object.hasOwn(responses, KEY)",
    mutations: ["true"],
    reason: "No object inherits anything of that name.",
  },
  {
    file: "server/modern/open_questions.ts",
    original: "a < b",
    mutations: ["a >= b"],
    reason: "Any order will do, as long as it is always the same.",
  },
  {
    file: "server/calls/arguments.ts",
    original: 'case "number": return String(value);',
    mutations: ['case "number":'],
    reason: "The next case returns the same.",
  },
  {
    file: "server/calls/arguments.ts",
    original: 'typeof step === "string" && Object.hasOwn(shape, step)',
    mutations: ["true"],
    reason: "The way to a fault leads along fields that the schema has.",
  },
  {
    file: "server/calls/normalize.ts",
    original: "/[\\s,;]+/",
    mutations: ["/[\\s,;]/"],
    reason: "Empty parts are left out.",
  },
  {
    file: "server/calls/normalize.ts",
    original: 'typeof word === "string"',
    mutations: ["true"],
    reason: "No enumeration has any but words: the comparison is for the type checker.",
  },
  {
    file: "server/reading/completions.ts",
    original: "known[name]?.candidates",
    mutations: ["known[name].candidates"],
    reason: "It is there: the question mark is for the type checker.",
  },
  {
    file: "server/reading/completions.ts",
    original: "at >= 0",
    mutations: ["true"],
    reason: "What does not fit is in neither of the two lists that are joined.",
  },
  {
    file: "server/calls/suggest_username.ts",
    original: "owner !== undefined",
    mutations: ["true"],
    reason: "Nobody is called what is no text: the comparison is for the type checker.",
  },
  {
    file: "server/updates/resource_updates.ts",
    original: "watched.state === undefined",
    mutations: ["true"],
    reason: "Where a state is known, whether the first look was late is not asked.",
  },
  {
    file: "server/updates/resource_updates.ts",
    original: "watched.resource.state === undefined",
    mutations: ["false"],
    reason: "A resource without a state looks the same each time.",
  },
  {
    file: "server/reading/prompts.ts",
    original: "prompt.arguments[key]?.required",
    mutations: ["prompt.arguments[key].required"],
    reason: "It is there: the question mark is for the type checker.",
  },
  {
    file: "server/tool_methods.ts",
    original: "tool.name === name",
    mutations: ["false"],
    reason: "A name without a prefix is found by the next comparison.",
  },
  {
    file: "server/by_hand.ts",
    original: "isObject(structuredContent)",
    mutations: ["true"],
    reason: "It is an object, or undefined in either case.",
  },
];

/** Returns whether a list justifies that a mutant lives. */
export function isJustified(mutant: Mutant, list: readonly Equivalent[] = equivalents): boolean {
  return list.some((entry) => entry.mutations.some((mutation) => fits(mutant, entry, mutation)));
}

/** Returns what a list says of a folder that is not so, now that all of its mutants were tried. */
export function staleEntries(
  folder: string,
  standings: readonly Standing[],
  list: readonly Equivalent[] = equivalents,
): readonly string[] {
  const stale: string[] = [];
  for (const entry of list) {
    if (!entry.file.startsWith(`${folder}/`)) continue;
    for (const original of [entry.original].flat()) {
      for (const mutation of entry.mutations) {
        const fitting = standings.filter(({ mutant }) =>
          fits(mutant, { ...entry, original }, mutation)
        );
        if (fitting.some(isAlive)) continue;
        const fact = fitting.length === 0 ? "is no mutant" : "was found";
        stale.push(`${entry.file}: ${original} → ${mutation} ${fact}`);
      }
    }
  }
  return stale;
}

function fits(mutant: Mutant, { file, original }: Equivalent, mutation: string): boolean {
  return mutant.file === file && mutant.mutation === mutation &&
    [original].flat().some((text) => mutant.original.startsWith(onOneLine(text)));
}

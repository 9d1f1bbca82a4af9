/** Valid arguments for each tool, and the ways in which models write the same. @module */
import fc from "fast-check";
import type { Tool } from "../../tools/mod.ts";
import { describeTool } from "../../tools/mod.ts";
import { isObject } from "../../server/json.ts";

type Fields = Readonly<Record<string, unknown>>;

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPndzlUN6fW8WsRjT8aS0iHAIqqp8y+HIvYTxZ63PZdP alice@laptop";

/** Sample texts; every text argument accepts at least one. */
const texts = [
  "alice",
  "2",
  "0.5",
  "4GB",
  "50GB",
  "8h",
  "2h ago",
  "/var/log/syslog",
  "Escape",
  "running",
  "nginx.service",
  "before-upgrade",
  "API_KEY",
  publicKey,
  "two words\nand a line, with commas",
];

/** In a map of anything, a number is not another way to write a text. */
const otherThanNumbers = texts.filter((text) => !/^\d+$/.test(text));

/** Samples for arguments that accept only few texts. */
const textsOf: Readonly<Record<string, readonly string[]>> = {
  username: ["alice"],
  usernames: ["alice", "bob-2"],
  cpu: ["2", "0.5"],
  memory: ["4GB"],
  disk: ["50GB"],
  ttl: ["8h"],
  "delete_after_stopped": ["2d"],
  remote: ["~/work", "/srv/app", "site"],
  gpus: ["0", "0000:01:00.0"],
  "git_source": ["https://git.example.com/app.git"],
  "git_ref": ["main"],
  target: ["bob-2"],
  database: ["appdb"],
  user: ["app"],
  bucket: ["gs://team-backups/daily"],
  "ssh_keys": [publicKey],
  keys: ["Escape", "Ctrl-C"],
};

/** Generates arguments of a tool with values that are accepted as they are. */
export function validArguments(tool: Tool): fc.Arbitrary<Fields> {
  const { properties, required = [] } = describeTool(tool).inputSchema;
  const fields = Object.entries(properties).map(([name, schema]) => {
    const value = valuesOf(name, schema).filter((value) => fits(tool, name, value));
    return [name, required.includes(name) ? value : fc.option(value, { nil: undefined })] as const;
  });
  return fc.record(Object.fromEntries(fields)).map(withoutUndefined);
}

function fits(tool: Tool, name: string, value: unknown): boolean {
  const { error } = tool.input.safeParse({ [name]: value });
  return error?.issues.every(({ path }) => path[0] !== name) ?? true;
}

function valuesOf(name: string, schema: unknown): fc.Arbitrary<unknown> {
  if (!isObject(schema)) return fc.constant(undefined);
  const { type, enum: words, items, properties, required, additionalProperties } = schema;
  if (Array.isArray(words)) return fc.constantFrom(...words);
  switch (type) {
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.integer({ min: Number(schema.minimum ?? 0), max: Number(schema.maximum ?? 100) });
    case "string":
      return fc.constantFrom(...textsOf[name] ?? texts);
    case "array":
      return fc.array(valuesOf(name, items), { maxLength: 3 });
    default:
      return isObject(properties)
        ? fc.record(
          Object.fromEntries(
            Object.entries(properties).map(([name, part]) => [name, valuesOf(name, part)]),
          ),
          { requiredKeys: Array.isArray(required) ? required : [] },
        )
        : fc.dictionary(
          fc.constantFrom("team", "a b", "__proto__"),
          fc.constantFrom(
            ...isObject(additionalProperties) && "type" in additionalProperties
              ? texts
              : otherThanNumbers,
            "",
          ),
        );
  }
}

function withoutUndefined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Generates another form of arguments with the same meaning. */
export function writtenOtherwise(tool: Tool, args: Fields): fc.Arbitrary<unknown> {
  const { properties, required = [] } = describeTool(tool).inputSchema;
  const absent = Object.keys(properties).filter((name) => !(name in args));
  const optional = absent.filter((name) => !required.includes(name));
  return fc.tuple(
    fieldsOtherwise(args),
    fc.array(fc.constantFrom<null | "" | undefined>(null, "", undefined), {
      minLength: optional.length,
      maxLength: optional.length,
    }),
  ).chain(([written, blanks]) => {
    const blank = withoutUndefined(
      Object.fromEntries(optional.map((name, at) => [name, blanks[at]])),
    );
    const all = { ...blank, ...written };
    return fc.constantFrom<unknown>(all, JSON.stringify(all));
  });
}

function fieldsOtherwise(fields: Fields): fc.Arbitrary<Fields> {
  const names = Object.keys(fields);
  return fc.tuple(...names.map((name) => otherwise(fields[name], name === "cpu")))
    .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])));
}

function otherwise(value: unknown, isQuantity = false): fc.Arbitrary<unknown> {
  if (typeof value === "boolean") {
    return fc.constantFrom(value, `${value}`, value ? "True" : "False");
  }
  if (typeof value === "number") return fc.constantFrom<unknown>(value, `${value}`, ` ${value}.0 `);
  if (typeof value === "string") {
    const isNumber = /^\d+$/.test(value) || (isQuantity && /^\d+\.\d*[1-9]$/.test(value));
    return fc.constantFrom<unknown>(value, isNumber ? Number(value) : value);
  }
  if (Array.isArray(value)) {
    const [only] = value;
    const isAlone = value.length === 1 && typeof only === "string" && !/[\s,[{]/.test(only);
    return fc.tuple(...value.map((item) => otherwise(item))).chain((items) =>
      fc.constantFrom<unknown>(items, JSON.stringify(items), isAlone ? only : items)
    );
  }
  if (!isObject(value)) return fc.constant(value);
  return fieldsOtherwise(value).chain((fields) =>
    fc.constantFrom<unknown>(fields, JSON.stringify(fields))
  );
}

/** Compares an answer with a recorded one: what depends on the moment or the host by kind, all else exactly. @module */

/** One answer. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Fields whose value differs from one host and moment to the next: compared by kind of value. */
const varying = new Set([
  "createdAt",
  "updatedAt",
  "addedAt",
  "socksAddress",
  "sizeBytes",
  "durationMs",
  "accessTokenExpiresAt",
  "refreshTokenExpiresAt",
  "jti",
  "webhookSecret",
  "payloadSize",
  "lastSeenAt",
  "ttlExpiresAt",
  "stoppedAt",
  "image",
  "incusVersion",
  "kernelVersion",
  "availableMemoryBytes",
  "availableDiskBytes",
  "cpuLoad1min",
  "cpuLoad5min",
  "cpuLoad15min",
  "uptimeSeconds",
  "cpuLoad1m",
  "cpuLoad5m",
  "cpuLoad15m",
  "memoryUsedBytes",
  "diskUsedBytes",
  "sampledAt",
  "cpuUsageSeconds",
  "memoryUsageBytes",
  "memoryPeakBytes",
  "diskUsageBytes",
  "networkRxBytes",
  "networkTxBytes",
  "processCount",
]);

/** Fields that may also be empty or not, as a race goes. */
const racing = new Set(["ipAddress"]);

/** Headers that tell which layer answered: both answers must have them, or neither. */
const telling = ["grpc-metadata-content-type", "vary", "x-content-type-options", "x-request-id"];

/** What differs, a line each; none when the answer is as recorded. Of the fields `byKind` only the kind counts. */
export function differences(
  recorded: Answer,
  actual: Answer,
  byKind: readonly string[] = [],
): readonly string[] {
  const found: string[] = [];
  if (recorded.status !== actual.status) {
    found.push(`status: recorded ${recorded.status}, got ${actual.status}`);
  }
  if (recorded.contentType !== actual.contentType) {
    found.push(`content type: recorded ${recorded.contentType}, got ${actual.contentType}`);
  }
  const [recordedNames, actualNames] = [recorded, actual].map(({ headers }) =>
    Object.keys(headers).map((name) => name.toLowerCase())
  );
  for (const name of telling) {
    if (recordedNames?.includes(name) !== actualNames?.includes(name)) {
      found.push(`header ${name}: only in one of them`);
    }
  }
  return [...found, ...bodyDifferences(recorded.body, actual.body, byKind)];
}

function bodyDifferences(
  recorded: string,
  actual: string,
  byKind: readonly string[],
): readonly string[] {
  const [was, is] = [parse(recorded), parse(actual)];
  if (was === undefined || is === undefined) {
    const same = withoutOwn(recorded) === withoutOwn(actual);
    return same ? [] : [`body: recorded ${recorded}, got ${actual}`];
  }
  const newline = recorded.endsWith("\n") === actual.endsWith("\n");
  return [
    ...(newline ? [] : ["body: a newline at the end of only one of them"]),
    ...valueDifferences("body", "", was, is, byKind),
  ];
}

function valueDifferences(
  path: string,
  key: string,
  was: unknown,
  is: unknown,
  byKind: readonly string[],
): readonly string[] {
  if (Array.isArray(was) && Array.isArray(is)) {
    if (was.length !== is.length) {
      return [`${path}: recorded ${was.length} items, got ${is.length}`];
    }
    const [before, now] = [inOrder(was), inOrder(is)];
    return before.flatMap((item, index) =>
      valueDifferences(`${path}[${index}]`, key, item, now[index], byKind)
    );
  }
  if (isObject(was) && isObject(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return keys.flatMap((name) => {
      if (!(name in is)) return [`${path}.${name}: missing`];
      if (!(name in was)) return [`${path}.${name}: not recorded`];
      return valueDifferences(`${path}.${name}`, name, was[name], is[name], byKind);
    });
  }
  const same = racing.has(key)
    ? typeof was === typeof is
    : varying.has(key) || byKind.includes(key)
    ? kindOf(was) === kindOf(is)
    : withoutOwn(was) === withoutOwn(is);
  return same ? [] : [`${path}: recorded ${JSON.stringify(was)}, got ${JSON.stringify(is)}`];
}

/** Lists whose order is another one each time are sorted by these fields. */
const unordered: readonly (readonly string[])[] = [
  // DNS records, out of a map of Go's.
  ["ttl", "data"],
  // Passthrough rules, of which two can have one port.
  ["externalPort", "protocol"],
];

function inOrder(items: readonly unknown[]): readonly unknown[] {
  return items.toSorted((a, b) => rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b)));
}

function rank(item: unknown): string {
  if (!isObject(item)) return "";
  const fields = unordered.find((names) => names.every((name) => name in item)) ?? [];
  return fields.map((name) => String(item[name])).join(" ");
}

/** A value's type, and of a text what it looks like. */
function kindOf(value: unknown): string {
  if (typeof value !== "string") return value === null ? "null" : typeof value;
  if (value === "") return "empty text";
  if (isTime(value)) return "time";
  return /^-?\d+$/.test(value) ? "digits" : "text";
}

/** Addresses and ids inside a text, such as a command line's, are the host's own, as a time is the moment's. */
function withoutOwn(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (isTime(value)) return "<time>";
  return own.reduce((text, [pattern, name]) => text.replace(pattern, `<${name}>`), value);
}

const own: readonly (readonly [RegExp, string])[] = [
  [/\blookup \S+ on \S+: [^"]*/g, "failed lookup"],
  [/\b\d+\.\d+\.\d+\.\d+\b/g, "address"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "uuid"],
  [/\b[0-9a-f]{64}\b/g, "sha256"],
  [/\brequest_id=[0-9a-f]{32} duration=[0-9.]+[^ ]*s\b/g, "call"],
  [/\b[0-9a-f]{32}\b/g, "trace"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "time"],
  [/\bey[\w-]+\.[\w-]+\.[\w-]+/g, "jwt"],
];

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

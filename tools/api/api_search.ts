import type { Description, Operation } from "./operation.ts";
import { ruleOf } from "./rules.ts";

/** Texts of an operation by how much they say of what it is about. */
interface Indexed {
  readonly operation: Operation;
  readonly fields: readonly (readonly string[])[];
}

/** Weight of an operation's name; of its path and summary; of its parameters and the fields of its body. */
const weights = [2, 1, 0.3] as const;

/** Ranks the operations by BM25 over names, paths, summaries and fields, best first. */
export function searchOperations(
  query: string,
  { operations }: Description,
): readonly { readonly operation: Operation; readonly score: number }[] {
  const documents = [...operations.values()].map(indexed);
  const wanted = [...new Set(wordsOf(query.slice(0, MAX_QUERY_CHARS)))];
  const scores = weights.map((weight, at) => {
    const texts = documents.map(({ fields }) => fields[at] ?? []);
    return bm25(wanted, texts).map((score) => score * weight);
  });
  return documents
    .map(({ operation }, at) => ({
      operation,
      score: scores.reduce((sum, each) => sum + (each[at] ?? 0), 0),
    }))
    .toSorted((one, other) => other.score - one.score)
    .filter(({ score }, _, [best]) => score > 0 && score >= (best?.score ?? 0) * WORTH_A_ROW);
}

const MAX_QUERY_CHARS = 500;
/** An operation with a smaller share of the best score is a match by one common word. */
const WORTH_A_ROW = 0.4;
const [K1, B] = [1.2, 0.75];

/** Returns the score of each text. */
function bm25(
  wanted: readonly string[],
  texts: readonly (readonly string[])[],
): readonly number[] {
  const average = texts.reduce((sum, words) => sum + words.length, 0) / texts.length;
  const rarities = wanted.map((word) => {
    const holding = texts.filter((words) => words.includes(word)).length;
    return Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5));
  });
  return texts.map((words) =>
    wanted.reduce((sum, word, at) => {
      const count = words.filter((other) => other === word).length;
      const saturated = count * (K1 + 1) / (count + K1 * (1 - B + B * words.length / average));
      return sum + (rarities[at] ?? 0) * saturated;
    }, 0)
  );
}

function indexed(operation: Operation): Indexed {
  const { id, path, summary, query, body = [] } = operation;
  const { guardedBy, tool } = ruleOf(id);
  return {
    operation,
    fields: [
      wordsOf(id),
      wordsOf(`${path} ${summary} ${guardedBy ?? tool ?? ""}`),
      wordsOf([...query, ...body].map(({ name }) => name).join(" ")),
    ],
  };
}

/** Other words for the same. */
const same: Readonly<Record<string, string>> = {
  add: "create",
  antivirus: "clamav",
  box: "container",
  firewall: "acl",
  database: "backup",
  k8: "cluster",
  kubernete: "cluster",
  change: "update",
  make: "create",
  new: "create",
  port: "passthrough",
  set: "update",
  remove: "delete",
  rm: "delete",
  show: "get",
  vulnerability: "pentest",
  viruse: "clamav",
  virus: "clamav",
  malware: "clamav",
};

/** Words that say nothing of what is meant. */
const empty: ReadonlySet<string> = new Set(
  "a an and are be by can do does for from how i in is it its me my of on or s that the this to v1 what which with"
    .split(" "),
);

/** Returns lowercase words, without the ends of a plural or of -ing; `CreateBackup` is two. */
function wordsOf(text: string): readonly string[] {
  const words = text.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().match(/[a-z0-9]+/g) ??
    [];
  return words.filter((word) => !empty.has(word)).map((word) => {
    const stem = word.replace(/(?<=..)ies$/, "y").replace(/(?<=..[^s])s$|(?<=...)ing$/, "");
    return Object.hasOwn(same, stem) ? same[stem] ?? stem : stem;
  });
}

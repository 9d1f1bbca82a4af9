/**
 * What the daemon would accept and nobody would ever be alerted by: checked before anything is sent.
 *
 * @module
 */

const MAX_NAME_CHARS = 128;
const MAX_EXPR_CHARS = 2_000;

/** Returns why a text cannot be an alert's name, or `undefined` if it can. */
export function alertNameProblem(name: string): string | undefined {
  return /^[A-Za-z0-9][\w .:-]*$/.test(name) && name.length <= MAX_NAME_CHARS
    ? undefined
    : `expected a name such as HighMemoryUsage: letters, digits, spaces and _ . : -, at most ${MAX_NAME_CHARS}`;
}

/** Returns why a text is not a duration of Prometheus, or `undefined` if it is. */
export function alertDurationProblem(duration: string): string | undefined {
  return /^(?:\d{1,9}(?:ms|[smhdwy])){1,7}$/.test(duration)
    ? undefined
    : "expected a duration such as 5m, 90s or 1h30m";
}

/** Words between operands. MetricsQL, which the daemon evaluates, has some more than PromQL. */
const keywords: ReadonlySet<string> = new Set(
  ("and or unless by without on ignoring group_left group_right offset bool atan2 if ifnot default limit " +
    "keep_metric_names prefix with start end").split(" "),
);

const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Text in quotes, a number with its unit, a word, or one sign. */
const token =
  /\s+|#[^\n]*|("(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|`[^`]*`)|((?:0x[\da-f]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)[a-z]*(?:\d+[a-z]+)*)|([a-z_$][\w:.$]*)|([^])/giy;

/**
 * Returns why a text cannot be an expression, or `undefined` if it may be one. It finds what is certainly
 * wrong in any dialect of PromQL: unbalanced brackets and quotes, two operands in a row, an operator at an end.
 */
export function alertExprProblem(expr: string): string | undefined {
  if (expr.trim() === "") return "expected an expression of PromQL, such as up == 0";
  if (expr.length > MAX_EXPR_CHARS) return `expected at most ${MAX_EXPR_CHARS} characters`;
  const open: string[] = [];
  let isAfterOperand = false;
  let last = "";
  for (const [text, string, number, word, sign] of expr.matchAll(token)) {
    if (string === undefined && number === undefined && word === undefined && sign === undefined) {
      continue;
    }
    const isOperand = sign === undefined &&
      !(word !== undefined && keywords.has(word.toLowerCase()));
    if (isOperand && isAfterOperand) {
      return `expected an operator before ${
        short(text)
      }: two values in a row mean nothing in PromQL`;
    }
    if (sign !== undefined) {
      if (`"'\``.includes(sign)) return "a quote is opened and not closed";
      if (!/[-+*/%^=!<>~@,(){}[\]:|]/.test(sign)) return `${short(sign)} means nothing in PromQL`;
      if ("([{".includes(sign)) open.push(sign);
      if (sign in pairs && open.pop() !== pairs[sign]) return `there is a ${sign} too many`;
    }
    isAfterOperand = isOperand;
    last = text;
  }
  if (open.length > 0) return `the bracket ${open.at(-1)} is not closed`;
  if (/^[*/%^=!<>~@,:|]/.test(expr.trim()) || /^[-+*/%^=!<>~@,:|]$/.test(last)) {
    return "an operator has a value on one side only";
  }
  return undefined;
}

function short(text: string): string {
  return JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}…`);
}

/** Returns whether an expression compares something. One that does not fires as long as it finds anything. */
export function isCondition(expr: string): boolean {
  const bare = expr.replace(token, (text, string) => string === undefined ? text : "");
  // Inside braces they select series.
  return /==|!=|[<>]|\babsent(?:_over_time)?\s*\(|\b(?:and|or|unless|if|ifnot)\b/i
    .test(bare.replaceAll(/\{[^}]*\}/g, ""));
}

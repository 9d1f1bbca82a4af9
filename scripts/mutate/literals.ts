import ts from "typescript";
import type { Change } from "./mutant.ts";

/** What stands in an array or a text that was empty. */
const something = '"Something else"';

/** Returns the changes of a literal; none for names, patterns, and prose, whose words a golden test holds. */
export function changesOfLiteral(node: ts.Node): readonly Change[] {
  if (isNameOrPattern(node)) return [];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return change("BooleanLiteral", "false");
  if (node.kind === ts.SyntaxKind.FalseKeyword) return change("BooleanLiteral", "true");
  if (ts.isStringLiteralLike(node)) {
    if (isProse(node.text)) return [];
    return change("StringLiteral", node.text === "" ? something : '""');
  }
  if (ts.isTemplateExpression(node)) {
    const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
    return isProse(text.join("_")) ? [] : change("StringLiteral", '""');
  }
  if (ts.isArrayLiteralExpression(node)) {
    return change("ArrayDeclaration", node.elements.length === 0 ? `[${something}]` : "[]");
  }
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.length === 0 ? [] : change("ObjectLiteral", "{}");
  }
  if (ts.isRegularExpressionLiteral(node)) return ofRegex(node.text);
  return [];
}

function change(operator: string, text: string): readonly Change[] {
  return [{ operator, text }];
}

/** Two words with a space between them. */
function isProse(text: string): boolean {
  return /[a-z_,;:)]\s+[a-z_(]|[a-z]{2}[.,:]? $|^ [a-z]{2}/i.test(text);
}

function isNameOrPattern(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isTaggedTemplateExpression(parent)) return true;
  if (ts.isStringLiteralLike(node)) {
    return ts.isExpressionStatement(parent) ||
      ("name" in parent && parent.name === node) ||
      ("propertyName" in parent && parent.propertyName === node) ||
      (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword);
  }
  return isTarget(node);
}

/** Whether something is assigned to a literal's parts. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    return parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  }
  if (ts.isForOfStatement(parent)) return parent.initializer === node;
  const isPart = ts.isArrayLiteralExpression(parent) || ts.isPropertyAssignment(parent);
  return isPart && isTarget(ts.isPropertyAssignment(parent) ? parent.parent : parent);
}

const opposites: ReadonlyMap<string, string> = new Map([
  ["\\d", "\\D"],
  ["\\D", "\\d"],
  ["\\s", "\\S"],
  ["\\S", "\\s"],
  ["\\w", "\\W"],
  ["\\W", "\\w"],
  ["[^", "["],
  ["[", "[^"],
]);

function ofRegex(literal: string): readonly Change[] {
  const end = literal.lastIndexOf("/");
  const [source, flags] = [literal.slice(1, end), literal.slice(end + 1)];
  const changed = [
    source.replace(/^\^/, ""),
    source.replace(/(?<!\\)\$$/, ""),
    // The first of each kind: a class may hold the others.
    source.replace(/\\[dDsSwW]/, (found) => opposites.get(found) ?? found),
    source.replace(/(?<!\\)\[\^?/, (found) => opposites.get(found) ?? found),
    source.replace(/(?<=[^\\(])[+*](?!.*\[)/, ""),
  ];
  return [...new Set(changed)]
    .filter((text) => text !== source && text !== "" && isRegex(text, flags))
    .map((text) => ({ operator: "Regex", text: `/${text}/${flags}` }));
}

function isRegex(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags).flags.length === flags.length;
  } catch {
    return false;
  }
}

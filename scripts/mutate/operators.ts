/**
 * The changes that mutation testing makes to expressions, with the names of StrykerJS.
 *
 * @module
 */
import ts from "typescript";
import type { Change } from "./mutant.ts";
import { changesOfLiteral } from "./literals.ts";

const { SyntaxKind } = ts;

const comparisons: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
  [SyntaxKind.LessThanToken, ["<=", ">="]],
  [SyntaxKind.LessThanEqualsToken, ["<", ">"]],
  [SyntaxKind.GreaterThanToken, [">=", "<="]],
  [SyntaxKind.GreaterThanEqualsToken, [">", "<"]],
  [SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
  [SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
]);

const others: ReadonlyMap<ts.SyntaxKind, readonly [string, string]> = new Map([
  [SyntaxKind.AmpersandAmpersandToken, ["LogicalOperator", "||"]],
  [SyntaxKind.BarBarToken, ["LogicalOperator", "&&"]],
  [SyntaxKind.QuestionQuestionToken, ["LogicalOperator", "&&"]],
  [SyntaxKind.PlusToken, ["ArithmeticOperator", "-"]],
  [SyntaxKind.MinusToken, ["ArithmeticOperator", "+"]],
  [SyntaxKind.AsteriskToken, ["ArithmeticOperator", "/"]],
  [SyntaxKind.SlashToken, ["ArithmeticOperator", "*"]],
  [SyntaxKind.PercentToken, ["ArithmeticOperator", "*"]],
  [SyntaxKind.PlusEqualsToken, ["AssignmentOperator", "-="]],
  [SyntaxKind.MinusEqualsToken, ["AssignmentOperator", "+="]],
  [SyntaxKind.AsteriskEqualsToken, ["AssignmentOperator", "/="]],
  [SyntaxKind.QuestionQuestionEqualsToken, ["AssignmentOperator", "&&="]],
  [SyntaxKind.BarBarEqualsToken, ["AssignmentOperator", "&&="]],
  [SyntaxKind.AmpersandAmpersandEqualsToken, ["AssignmentOperator", "||="]],
]);

const otherMethods: ReadonlyMap<string, string> = new Map([
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
  ["toUpperCase", "toLowerCase"],
  ["toLowerCase", "toUpperCase"],
  ["some", "every"],
  ["every", "some"],
  ["min", "max"],
  ["max", "min"],
  ["trimStart", "trimEnd"],
  ["trimEnd", "trimStart"],
]);

const removableMethods: ReadonlySet<string> = new Set([
  "filter",
  "sort",
  "toSorted",
  "reverse",
  "slice",
  "substring",
  "charAt",
  "trim",
]);

/** Returns the changes of an expression; each text stands for the whole expression. */
export function changesOf(node: ts.Node): readonly Change[] {
  const changes = [
    ...(isTest(node) ? conditions(node) : []),
    ...changesByKind(node),
    ...changesOfLiteral(node),
  ];
  const texts = new Set([node.getText()]);
  return changes.filter(({ text }) => !texts.has(text) && texts.add(text));
}

function changesByKind(node: ts.Node): readonly Change[] {
  if (ts.isBinaryExpression(node)) return ofBinary(node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return ofUnary(node);
  if (ts.isCallExpression(node)) return [...ofChain(node), ...ofMethod(node)];
  return ofChain(node);
}

function isTest(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) {
    return parent.expression === node;
  }
  return (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) &&
    parent.condition === node;
}

function conditions({ parent, kind }: ts.Node): readonly Change[] {
  if (kind === SyntaxKind.TrueKeyword || kind === SyntaxKind.FalseKeyword) return [];
  const isLoop = !ts.isIfStatement(parent) && !ts.isConditionalExpression(parent);
  return (isLoop ? ["false"] : ["true", "false"])
    .map((text) => ({ operator: "ConditionalExpression", text }));
}

function ofBinary({ left, operatorToken, right }: ts.BinaryExpression): readonly Change[] {
  const around = (operator: string) => `${left.getText()} ${operator} ${right.getText()}`;
  const compared = comparisons.get(operatorToken.kind);
  if (compared !== undefined) {
    return [
      ...compared.map((text) => ({ operator: "EqualityOperator", text: around(text) })),
      ...["true", "false"].map((text) => ({ operator: "ConditionalExpression", text })),
    ];
  }
  const other = others.get(operatorToken.kind);
  if (other === undefined) return [];
  const [operator, sign] = other;
  const joinsText = operator === "ArithmeticOperator" && [left, right].some(isText);
  return joinsText ? [] : [{ operator, text: mixed(left, sign, right) }];
}

/** Without parentheses, `??` beside `&&` is no JavaScript. */
function mixed(left: ts.Expression, sign: string, right: ts.Expression): string {
  return sign.endsWith("=")
    ? `${left.getText()} ${sign} ${right.getText()}`
    : `(${left.getText()}) ${sign} (${right.getText()})`;
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) ||
    (ts.isBinaryExpression(node) && [node.left, node.right].some(isText));
}

function ofUnary(
  { operator, operand, kind }: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
): readonly Change[] {
  const text = operand.getText();
  const isPrefix = kind === SyntaxKind.PrefixUnaryExpression;
  switch (operator) {
    case SyntaxKind.ExclamationToken:
      return [{ operator: "BooleanLiteral", text }];
    case SyntaxKind.MinusToken:
      return [{ operator: "UnaryOperator", text: `+${text}` }];
    case SyntaxKind.PlusToken:
      return [{ operator: "UnaryOperator", text: `-${text}` }];
    case SyntaxKind.TildeToken:
      return [{ operator: "UnaryOperator", text }];
    case SyntaxKind.PlusPlusToken:
      return [{ operator: "UpdateOperator", text: isPrefix ? `--${text}` : `${text}--` }];
    case SyntaxKind.MinusMinusToken:
      return [{ operator: "UpdateOperator", text: isPrefix ? `++${text}` : `${text}++` }];
  }
}

function ofMethod({ expression, arguments: given, flags }: ts.CallExpression): readonly Change[] {
  // A link of an optional chain cannot be replaced alone.
  if (!ts.isPropertyAccessExpression(expression) || flags & ts.NodeFlags.OptionalChain) return [];
  const target = expression.expression.getText();
  const other = otherMethods.get(expression.name.text);
  const operator = "MethodExpression";
  if (other !== undefined) {
    const list = given.map((argument) => argument.getText()).join(", ");
    return [{ operator, text: `${target}.${other}(${list})` }];
  }
  return removableMethods.has(expression.name.text) ? [{ operator, text: target }] : [];
}

/** Each `?.` of a chain, in the chain as a whole: a part of it would not be skipped with the rest. */
function ofChain(node: ts.Node): readonly Change[] {
  if (!isLink(node) || !(node.flags & ts.NodeFlags.OptionalChain)) return [];
  const { parent } = node;
  if (isLink(parent) && parent.expression === node && parent.flags & ts.NodeFlags.OptionalChain) {
    return [];
  }
  const start = node.getStart();
  const text = node.getText();
  const changes: Change[] = [];
  for (let link: ts.Node = node; isLink(link); link = link.expression) {
    const dot = link.questionDotToken;
    if (dot === undefined) continue;
    const at = dot.getStart() - start;
    const plain = ts.isPropertyAccessExpression(link) ? "." : "";
    changes.push({
      operator: "OptionalChaining",
      text: `${text.slice(0, at)}${plain}${text.slice(at + 2)}`,
    });
  }
  return changes;
}

function isLink(
  node: ts.Node,
): node is ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node);
}

/**
 * Puts all mutants of a file into it at once, each behind a switch: `(isMutant(7) ? a <= b : a < b)`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import ts from "typescript";
import { type Mutant, onOneLine } from "./mutant.ts";
import { changesOf } from "./operators.ts";

/** A file with its mutants in it. */
export interface Instrumented {
  /** Source, on the same lines as before. */
  readonly source: string;
  /** What is in it. */
  readonly mutants: readonly Mutant[];
}

/**
 * Instruments a file.
 *
 * @param file Path from the project's root
 * @param firstId Number of the file's first mutant
 */
export function instrument(file: string, source: string, firstId: number): Instrumented {
  const writer = new Writer(file, source, firstId);
  const body = writer.write();
  if (writer.mutants.length === 0) return { source, mutants: [] };
  const up = "../".repeat(file.split("/").length - 1);
  const from = `${up}scripts/mutate/mutant_switch.ts`;
  return {
    source: `import { isMutant as __mutant } from "${from}"; ${body}`,
    mutants: writer.mutants,
  };
}

class Writer {
  readonly mutants: Mutant[] = [];
  readonly #file: string;
  readonly #tree: ts.SourceFile;
  readonly #firstId: number;

  constructor(file: string, source: string, firstId: number) {
    this.#file = file;
    this.#firstId = firstId;
    this.#tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  }

  write(): string {
    return this.#withChildren(this.#tree, 0);
  }

  /** The node's text, with its parts and itself instrumented. */
  #print(node: ts.Node): string {
    if (isErased(node)) return node.getText();
    if (ts.isBlock(node)) return this.#block(node);
    if (ts.isCaseOrDefaultClause(node)) return this.#clause(node);
    let text = this.#withChildren(node, node.getStart());
    const changes = [...changesOf(node)];
    const isResult = ts.isArrowFunction(node.parent) && node.parent.body === node;
    if (isResult && node.getText() !== "undefined") {
      changes.push({ operator: "ArrowFunction", text: "undefined" });
    }
    for (const { operator, text: changed } of changes) {
      text = `(${this.#on(node, operator, changed)} ? (${changed}) : ${text})`;
    }
    return text;
  }

  #block(block: ts.Block): string {
    const inner = this.#withChildren(block, block.getStart()).slice(1, -1);
    if (block.statements.length === 0 || callsSuper(block)) return `{${inner}}`;
    const test = this.#on(block, "BlockStatement", "{}");
    return ts.isFunctionLike(block.parent)
      ? `{ if (${test}) return; ${inner}}`
      : `{ if (!${test}) {${inner}} }`;
  }

  #clause(clause: ts.CaseOrDefaultClause): string {
    const [first] = clause.statements;
    if (first === undefined || clause.statements.some(declares)) {
      return this.#withChildren(clause, clause.getStart());
    }
    const expression = ts.isCaseClause(clause) ? clause.expression : undefined;
    const [head, plain] = expression === undefined
      ? ["default:", "default:"]
      : [`case ${this.#print(expression)}:`, `case ${expression.getText()}:`];
    const test = this.#on(clause, "ConditionalExpression", plain);
    const body = this.#between(clause.statements, first.getFullStart(), clause.getEnd());
    return `${head} if (!${test}) {${body}}`;
  }

  #withChildren(node: ts.Node, start: number): string {
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    return this.#between(children, start, node.getEnd());
  }

  #between(children: readonly ts.Node[], start: number, end: number): string {
    const source = this.#tree.text;
    let text = "";
    let at = start;
    for (const child of children) {
      if (child.getStart() < at) continue;
      text += source.slice(at, child.getStart()) + this.#print(child);
      at = child.getEnd();
    }
    return text + source.slice(at, end);
  }

  /** Notes a mutant, and returns the test whether it is the active one. */
  #on(node: ts.Node, operator: string, mutation: string): string {
    const place = this.mutants.length;
    const id = this.#firstId + place;
    const key = [this.#file, this.#tree.text, place, mutation].join("\0");
    const { line } = this.#tree.getLineAndCharacterOfPosition(node.getStart());
    this.mutants.push({
      id,
      key: createHash("sha256").update(key).digest("hex").slice(0, 16),
      file: this.#file,
      line: line + 1,
      operator,
      original: onOneLine(node.getText()),
      mutation: onOneLine(mutation),
    });
    return `__mutant(${id})`;
  }
}

/** What is not there when the program runs, and what cannot be changed there. */
function isErased(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) || ts.isTypeParameterDeclaration(node) ||
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isModifier(node);
}

/** A constructor cannot return before it has called that of its parent. */
function callsSuper({ parent }: ts.Block): boolean {
  return ts.isConstructorDeclaration(parent) && parent.parent.heritageClauses !== undefined;
}

function declares(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement);
}

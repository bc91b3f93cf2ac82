import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './pages.ts';

/** Stands for what is known only when it happens. */
export const unknown = '…';
/** More ways to write one text than this are shown as `…`. */
const mostWays = 6;

type Bindings = ReadonlyMap<string, readonly string[]>;
/** Which way each condition goes, by its source text: the same condition decides all parts of one message alike. */
type Choices = ReadonlyMap<string, boolean>;

/** A condition came up for which nothing was chosen yet. */
class Undecided extends Error {
  readonly condition: string;

  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}

/** Every TypeScript source below a folder, by its path from the root. */
export function sourcesBelow(...folder: readonly string[]): readonly string[] {
  return readdirSync(join(root, ...folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) => join(...folder, file)).sort();
}

/** The expressions that make up one message at a node; undefined: there is none. A part that is undefined has no text. */
export type PartsAt = (node: ts.Node) => readonly (ts.Expression | undefined)[] | undefined;

/** The texts of every message in a source, part by part, as far as its syntax tells them. */
export function writtenTexts(file: string, partsAt: PartsAt): readonly (readonly (string | undefined)[])[] {
  return new SourceTexts(file, partsAt).all();
}

class SourceTexts {
  readonly #partsAt: PartsAt;
  readonly #source: ts.SourceFile;
  readonly #constants = new Map<string, ts.Expression>();
  readonly #calls: (ts.CallExpression | ts.NewExpression)[] = [];

  constructor(file: string, partsAt: PartsAt) {
    this.#partsAt = partsAt;
    this.#source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2023, true);
    this.#visit(this.#source, (node) => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) this.#constants.set(node.name.text, node.initializer);
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) this.#calls.push(node);
    });
  }

  all(): readonly (readonly (string | undefined)[])[] {
    const found: (readonly (string | undefined)[])[] = [];
    this.#visit(this.#source, (node) => {
      const parts = this.#partsAt(node);
      if (parts === undefined) return;
      for (const bindings of this.#bindings(node)) found.push(...this.#decided(parts, bindings, new Map()));
    });
    return found;
  }

  #decided(parts: readonly (ts.Expression | undefined)[], bindings: Bindings, choices: Choices): readonly (readonly (string | undefined)[])[] {
    try {
      return parts.reduce<readonly (readonly (string | undefined)[])[]>((so, part) => {
        const texts = part === undefined ? [undefined] : this.#texts(part, bindings, choices);
        return so.flatMap((before) => texts.map((text) => [...before, text]));
      }, [[]]);
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      return [true, false].flatMap((way) => this.#decided(parts, bindings, new Map([...choices, [error.condition, way]])));
    }
  }

  /** What the parameters of the function around a node are called with in this file; once without any where nobody calls it here. */
  #bindings(node: ts.Node): readonly Bindings[] {
    const around = ts.findAncestor(node, ts.isFunctionLike);
    const name = around === undefined ? undefined : nameOf(around);
    const calls = name === undefined ? [] : this.#calls.filter((call) => calledName(call) === name);
    if (around === undefined || calls.length === 0) return [new Map()];
    return calls.map((call) => new Map(around.parameters.flatMap((parameter, at) => {
      const given = call.arguments?.[at] ?? parameter.initializer;
      return given === undefined ? [] : [[parameter.name.getText(), this.#texts(given, new Map(), 'both')] as const];
    })));
  }

  /** Every text that an expression can have, as far as its syntax tells. */
  #texts(expression: ts.Expression, bindings: Bindings, choices: Choices | 'both', depth = 0): readonly string[] {
    const each = (one: ts.Expression): readonly string[] => (depth > 6 ? [unknown] : this.#texts(one, bindings, choices, depth + 1));
    const joined = (left: readonly string[], right: readonly string[]): readonly string[] => {
      const ways = left.flatMap((a) => right.map((b) => `${a}${b}`.replace(/……+/g, unknown)));
      return ways.length > mostWays ? [unknown] : ways;
    };
    if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression)) return [expression.text];
    if (ts.isTemplateExpression(expression)) {
      return expression.templateSpans.reduce<readonly string[]>((so, span) => {
        const ways = each(span.expression);
        return joined(joined(so, ways.some((way) => way !== '' && way.replaceAll(unknown, '').trim() === '') ? [unknown] : ways), [span.literal.text]);
      }, [expression.head.text]);
    }
    if (ts.isParenthesizedExpression(expression)) return each(expression.expression);
    if (ts.isConditionalExpression(expression)) {
      if (choices === 'both') return [...new Set([...each(expression.whenTrue), ...each(expression.whenFalse)])];
      const condition = expression.condition.getText();
      const way = choices.get(condition);
      if (way === undefined) throw new Undecided(condition);
      return each(way ? expression.whenTrue : expression.whenFalse);
    }
    if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) return joined(each(expression.left), each(expression.right));
    if (ts.isIdentifier(expression)) {
      const bound = bindings.get(expression.text);
      if (bound !== undefined) return bound;
      const constant = this.#constants.get(expression.text);
      return constant === undefined || ts.isNumericLiteral(constant) ? (constant === undefined ? [unknown] : [constant.getText().replaceAll('_', '')]) : each(constant);
    }
    return [unknown];
  }

  #visit(node: ts.Node, see: (node: ts.Node) => void): void {
    see(node);
    node.forEachChild((child) => { this.#visit(child, see); });
  }
}

/** `derived`: it keeps what it does not state of the error that it is made from. */

function nameOf(declaration: ts.SignatureDeclaration): string | undefined {
  if (declaration.name !== undefined && !ts.isComputedPropertyName(declaration.name)) return declaration.name.getText();
  return ts.isVariableDeclaration(declaration.parent) && ts.isIdentifier(declaration.parent.name) ? declaration.parent.name.text : undefined;
}

function calledName(call: ts.CallExpression | ts.NewExpression): string | undefined {
  if (ts.isIdentifier(call.expression)) return call.expression.text;
  return ts.isPropertyAccessExpression(call.expression) && call.expression.expression.kind === ts.SyntaxKind.ThisKeyword ? call.expression.name.text : undefined;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './pages.ts';

/** An error as its source writes it: `…` stands for what is known only when it happens. */
export interface WrittenError {
  readonly file: string;
  /** `…` where it is that of the error it was made from. */
  readonly reason: string;
  readonly message: string;
  /** Undefined: the session's own sentence for that reason. */
  readonly remedy: string | undefined;
}

const unknown = '…';
/** More ways to write one text than this are shown as `…`. */
const mostWays = 6;

type Bindings = ReadonlyMap<string, readonly string[]>;
/** Which way each condition goes, by its source text: the same condition decides message and remedy alike. */
type Choices = ReadonlyMap<string, boolean>;

/** A condition came up for which nothing was chosen yet. */
class Undecided extends Error {
  readonly condition: string;

  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}

/**
 * Every error that the sources below `src/remote` make, read from their syntax: objects with a message and a remedy, the errors of
 * authentication, and the calls of functions that are handed one of these texts.
 */
export function writtenErrors(): readonly WrittenError[] {
  return (read ??= readErrors());
}

/** The sources do not change while the tests run. */
let read: readonly WrittenError[] | undefined;

function readErrors(): readonly WrittenError[] {
  const files = [
    ...readdirSync(join(root, 'src', 'remote'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) => join('src', 'remote', file)).sort(),
    join('src', 'providers', 'server', 'deadline.ts'),
  ];
  return files.flatMap((file) => new SourceErrors(file).all());
}

class SourceErrors {
  readonly #file: string;
  readonly #source: ts.SourceFile;
  readonly #constants = new Map<string, ts.Expression>();
  readonly #calls: (ts.CallExpression | ts.NewExpression)[] = [];

  constructor(file: string) {
    this.#file = file;
    this.#source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2023, true);
    this.#visit(this.#source, (node) => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) this.#constants.set(node.name.text, node.initializer);
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) this.#calls.push(node);
    });
  }

  all(): readonly WrittenError[] {
    const found: WrittenError[] = [];
    this.#visit(this.#source, (node) => {
      const parts = partsOf(node);
      if (parts === undefined) return;
      for (const bindings of this.#bindings(node)) found.push(...this.#decided(parts, bindings, new Map()));
    });
    return found;
  }

  #decided(parts: Parts, bindings: Bindings, choices: Choices): readonly WrittenError[] {
    const texts = (one: ts.Expression): readonly string[] => this.#texts(one, bindings, choices);
    try {
      return (parts.reason === undefined ? [unknown] : texts(parts.reason)).flatMap((reason) => texts(parts.message).flatMap((message) =>
        (parts.remedy === undefined ? [parts.derived ? unknown : undefined] : texts(parts.remedy)).map((remedy) => ({ file: this.#file, reason, message, remedy }))));
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
interface Parts { readonly reason: ts.Expression | undefined; readonly message: ts.Expression; readonly remedy: ts.Expression | undefined; readonly derived: boolean }

function partsOf(node: ts.Node): Parts | undefined {
  if (ts.isObjectLiteralExpression(node)) {
    const property = (name: string): ts.Expression | undefined => {
      for (const one of node.properties) {
        if (ts.isShorthandPropertyAssignment(one) && one.name.text === name) return one.name;
        if (ts.isPropertyAssignment(one) && one.name.getText() === name) return one.initializer;
      }
      return undefined;
    };
    const message = property('message');
    // One that is made from another keeps that one's remedy.
    const derived = node.properties.some((one) => ts.isSpreadAssignment(one) && one.expression.getText().endsWith('failure'));
    const remedy = property('remedy');
    return message === undefined || (remedy === undefined && !derived) ? undefined : { reason: property('reason'), message, remedy, derived };
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'AuthError') {
    const [reason, message, remedy] = node.arguments ?? [];
    return message === undefined ? undefined : { reason, message, remedy, derived: false };
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'remoteError') {
    const [, reason, message] = node.arguments;
    return message === undefined ? undefined : { reason, message, remedy: undefined, derived: false };
  }
  return undefined;
}

function nameOf(declaration: ts.SignatureDeclaration): string | undefined {
  if (declaration.name !== undefined && !ts.isComputedPropertyName(declaration.name)) return declaration.name.getText();
  return ts.isVariableDeclaration(declaration.parent) && ts.isIdentifier(declaration.parent.name) ? declaration.parent.name.text : undefined;
}

function calledName(call: ts.CallExpression | ts.NewExpression): string | undefined {
  if (ts.isIdentifier(call.expression)) return call.expression.text;
  return ts.isPropertyAccessExpression(call.expression) && call.expression.expression.kind === ts.SyntaxKind.ThisKeyword ? call.expression.name.text : undefined;
}

import { join } from 'node:path';
import ts from 'typescript';
import { sourcesBelow, unknown, writtenTexts } from './source-texts.ts';

/** An error as its source writes it: `…` stands for what is known only when it happens. */
export interface WrittenError {
  readonly file: string;
  /** `…` where it is that of the error it was made from. */
  readonly reason: string;
  readonly message: string;
  /** Undefined: the session's own sentence for that reason. */
  readonly remedy: string | undefined;
}

/**
 * Every error that the sources below `src/remote` make, read from their syntax: objects with a message and a remedy, the errors of
 * authentication, and the calls of functions that are handed one of these texts.
 */
export function writtenErrors(): readonly WrittenError[] {
  return (read ??= [...sourcesBelow('src', 'remote'), join('src', 'providers', 'server', 'deadline.ts')].flatMap(errorsOf));
}

/** The sources do not change while the tests run. */
let read: readonly WrittenError[] | undefined;

function errorsOf(file: string): readonly WrittenError[] {
  const of = (derived: boolean): readonly WrittenError[] => writtenTexts(file, (node) => {
    const found = partsOf(node);
    return found?.derived === derived ? found.parts : undefined;
  }).map(([reason, message, remedy]) => ({ file, reason: reason ?? unknown, message: message ?? unknown, remedy: remedy ?? (derived ? unknown : undefined) }));
  return [...of(false), ...of(true)];
}

/** Reason, message, remedy, and whether the error is made from another. */
function partsOf(node: ts.Node): { readonly parts: readonly [ts.Expression | undefined, ts.Expression, ts.Expression | undefined]; readonly derived: boolean } | undefined {
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
    return message === undefined || (remedy === undefined && !derived) ? undefined : { parts: [property('reason'), message, remedy], derived };
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'AuthError') {
    const [reason, message, remedy] = node.arguments ?? [];
    return message === undefined ? undefined : { parts: [reason, message, remedy], derived: false };
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'remoteError') {
    const [, reason, message] = node.arguments;
    return message === undefined ? undefined : { parts: [reason, message, undefined], derived: false };
  }
  return undefined;
}

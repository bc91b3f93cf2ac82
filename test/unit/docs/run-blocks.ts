import ts from 'typescript';
import { cell } from './pages.ts';
import { sourcesBelow, writtenTexts } from './source-texts.ts';

/** How a run can end badly, by the error that ends it. */
const kinds = { Refused: 'refused', StepFailed: 'failed', OutcomeUnknown: 'not known' } as const;

function isKind(name: string): name is keyof typeof kinds {
  return Object.hasOwn(kinds, name);
}

/** Every reason for which a gate or a step refuses, a step fails, or an outcome is not known; from the sources of the domain. */
export function runBlock(): string {
  const rows = sourcesBelow('src', 'connect').flatMap((file) => [
    ...(Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => writtenTexts(file, (node) => thrown(node, kind)).map(([text]) => [kinds[kind], text ?? ''] as const)),
    ...writtenTexts(file, refusal).map(([text]) => ['refused', text ?? ''] as const),
  ]).filter(([, text]) => text.replace(/[…\s.:;,()'"]/g, '').length > 12);
  return ['| | Message |', '|---|---|', ...[...new Set(rows.map(([kind, text]) => `| ${kind} | ${cell(text)} |`))].sort()].join('\n');
}

function thrown(node: ts.Node, kind: keyof typeof kinds): readonly ts.Expression[] | undefined {
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || !isKind(node.expression.text) || node.expression.text !== kind) return undefined;
  const text = node.arguments?.[kind === 'Refused' ? 1 : 0];
  return text === undefined ? undefined : [text];
}

/** What a gate answers: a finding with a reason. */
function refusal(node: ts.Node): readonly ts.Expression[] | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const property = (name: string): ts.Expression | undefined => node.properties.filter((one) => ts.isPropertyAssignment(one)).find((one) => one.name.getText() === name)?.initializer;
  const reason = property('reason');
  return reason === undefined || property('finding') === undefined ? undefined : [reason];
}

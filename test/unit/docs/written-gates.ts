import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './pages.ts';

/** Every gate in the order in which it is told, from its source: some have no refusal of their own before the server is asked. */
export function writtenGates(): readonly { readonly id: string; readonly overridable: boolean }[] {
  const file = 'src/connect/gates.ts';
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2023, true);
  const found: { id: string; overridable: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'gates' && node.initializer !== undefined && ts.isArrayLiteralExpression(node.initializer)) {
      for (const gate of node.initializer.elements) if (ts.isObjectLiteralExpression(gate)) found.push(read(gate));
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

function read(gate: ts.ObjectLiteralExpression): { id: string; overridable: boolean } {
  const value = (name: string): ts.Expression | undefined => gate.properties.filter((one) => ts.isPropertyAssignment(one)).find((one) => one.name.getText() === name)?.initializer;
  const id = value('id');
  return { id: id !== undefined && ts.isStringLiteral(id) ? id.text : '', overridable: value('overridable')?.kind === ts.SyntaxKind.TrueKeyword };
}

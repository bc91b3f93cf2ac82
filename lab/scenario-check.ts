import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { wrongCall } from './lab-error.ts';
import type { LabLayout } from './layout.ts';
import { nearest } from './nearest.ts';
import type { ScenarioContent } from './scenario.ts';

/** Most problems that one message lists. */
const shownProblems = 5;

/**
 * Checks a scenario's text: JSON, no key twice, the schema. Returns it with the names of the secrets that it mentions (strings
 * that the schema gives the format `secret`). Throws a LabError that names file, line, column, key and reason.
 */
export function checkScenario(lab: LabLayout, file: string, text: string): { content: ScenarioContent; secretNames: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, maxAliasCount: 0 } as Parameters<typeof parseDocument>[1]);
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? document.errors[0]?.pos[0] ?? text.length);
    throw wrongCall(`${at(Math.min(offset, text.length))}: not JSON: ${message.replace(/\s+/g, ' ')}`);
  }
  const duplicate = document.errors.find((error) => error.code === 'DUPLICATE_KEY');
  if (duplicate !== undefined) throw wrongCall(`${at(duplicate.pos[0])}: a key appears twice in one object.`);

  const secretNames = new Set<string>();
  const schema = JSON.parse(readFileSync(lab.schema, 'utf8')) as { $schema?: string };
  const Validator = schema.$schema?.includes('2020-12') === true ? Ajv2020 : Ajv;
  const validator = new Validator({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, verbose: true });
  validator.addFormat('secret', (name: string) => {
    secretNames.add(name);
    return true;
  });
  const validate = validator.compile(schema);
  if (!validate(content)) {
    const problems = explain(validate.errors ?? []).map((problem) => `${at(offsetOf(document, problem.path))}: ${problem.text}`);
    const more = problems.length > shownProblems ? `; and ${problems.length - shownProblems} more` : '';
    throw wrongCall(problems.slice(0, shownProblems).join('; ') + more);
  }
  return { content: content as ScenarioContent, secretNames: [...secretNames] };
}

interface Problem {
  readonly path: readonly string[];
  readonly text: string;
}

/** One sentence a problem, in the scenario's words, unknown keys first (what is missing is then often just misspelt); the branches of a failed alternative are left out where a deeper reason exists. */
function explain(errors: readonly ErrorObject[]): Problem[] {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length + (error.keyword === 'additionalProperties' ? 100 : 0);
  const reasons = errors.filter((error) => !['if', 'anyOf', 'oneOf', 'allOf'].includes(error.keyword));
  const shown = reasons.length === 0 ? errors : reasons;
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const error of [...shown].sort((a, b) => depth(b) - depth(a))) {
    const path = error.instancePath.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const problem = describe(error, path);
    const key = `${problem.path.join('/')} ${problem.text}`;
    if (!seen.has(key)) problems.push(problem);
    seen.add(key);
  }
  return problems;
}

function describe(error: ErrorObject, path: readonly string[]): Problem {
  const where = path.length === 0 ? 'the scenario' : path.join('.');
  const params = error.params as Readonly<Record<string, unknown>>;
  const unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
  if (typeof unknown === 'string') {
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const close = nearest(unknown, known);
    return { path: [...path, unknown], text: `${where} has an unknown key "${unknown}"${close === undefined ? '' : ` (did you mean "${close}"?)`}` };
  }
  if (error.keyword === 'enum') return { path, text: `${where} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
  if (error.keyword === 'const') return { path, text: `${where} must be ${JSON.stringify(params['allowedValue'])}` };
  return { path, text: `${where} ${error.message ?? 'is wrong'}` };
}

/** Where a path's value (or its nearest ancestor's) begins in the text. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const node = document.getIn(keys, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

import { isAlias, isScalar } from 'yaml';
import { hostPattern, linePattern, longestPath, pathPattern, type KeyRule } from './keys.ts';
import { kindOf, valuePlace, type Field } from './mapping.ts';
import { nearest } from './nearest.ts';
import type { ProblemCode, ProblemList } from './problem.ts';

const host = new RegExp(hostPattern, 'u');
const line = new RegExp(linePattern, 'u');
const path = new RegExp(pathPattern, 'u');

/** Reads one value by its rule; undefined where it breaks the rule, which is then reported. */
export function readValue(name: string, field: Field, rule: KeyRule, problems: ProblemList): string | number | undefined {
  const { node } = field;
  if (isAlias(node)) return undefined;
  if (!isScalar(node) || node.value === null) {
    problems.error('wrong-type', `${name} needs ${wanted(rule)}, this is ${kindOf(node)}.`, valuePlace(field));
    return undefined;
  }
  const place = valuePlace(field);
  const { value } = node;
  if (rule.value.kind === 'port') {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535) return value;
    problems.error(typeof value === 'number' ? 'bad-value' : 'wrong-type', `${name} needs a whole number from 1 to 65535, without quotes.`, place);
    return undefined;
  }
  if (typeof value !== 'string') {
    problems.error('wrong-type', `${name} needs ${wanted(rule)}, this is ${kindOf(node)}; put it in quotes if it is meant as text.`, place);
    return undefined;
  }
  const complaint = complaintAbout(name, value, rule);
  if (complaint === undefined) return value;
  problems.error(complaint.code, complaint.message, place, complaint.suggestion);
  return undefined;
}

interface Complaint {
  readonly code: ProblemCode;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

function complaintAbout(name: string, value: string, { value: rule }: KeyRule): Complaint | undefined {
  const bad = (message: string, suggestion?: string): Complaint => ({ code: 'bad-value', message: `${name} ${message}`, suggestion });
  switch (rule.kind) {
    case 'text':
      if (tooLong(value, rule.longest)) return bad(`may have at most ${rule.longest} characters.`);
      if (rule.lines !== true && !line.test(value)) return bad('must be one line of text, without control characters.');
      return undefined;
    case 'host':
      if (!host.test(value)) return bad('must be a DNS name or an IP address alone: no user, port, brackets or address scheme.');
      return undefined;
    case 'path':
      if (tooLong(value, longestPath)) return bad(`may have at most ${longestPath} characters.`);
      if (!path.test(value)) return bad('must be an absolute path, or start with ~/: a path relative to the file is not followed.');
      return undefined;
    case 'choice':
      if (rule.choices.includes(value)) return undefined;
      return bad(`must be one of: ${rule.choices.join(', ')}.`, nearest(value, rule.choices));
    case 'port':
      return undefined;
  }
}

/** Counts as the JSON schema does: code points. */
function tooLong(text: string, most: number): boolean {
  return text.length > most && (text.length > 2 * most || Array.from(text).length > most);
}

function wanted({ value: rule }: KeyRule): string {
  switch (rule.kind) {
    case 'text': return 'text';
    case 'host': return 'a DNS name or an IP address';
    case 'path': return 'the path of a file';
    case 'port': return 'a whole number from 1 to 65535';
    case 'choice': return `one of: ${rule.choices.join(', ')}`;
  }
}

import type { Finding } from '../finding.ts';
import type { Situation } from '../situation.ts';

/** One row of the diagnosis: what it concludes, given what the rows before it concluded. */
export type Rule = (situation: Situation, before: readonly Finding[]) => readonly Finding[];

/** A finding with the parts that most have left at their usual value. */
export function finding(parts: Pick<Finding, 'id' | 'severity' | 'title' | 'detail' | 'advice' | 'evidence'> & Partial<Finding>): Finding {
  return { ruledOut: [], plan: undefined, target: undefined, ...parts };
}

/** Whether something was already found that explains why synchronization does not work. */
export function hasFault(before: readonly Finding[]): boolean {
  return before.some((found) => found.severity === 'error');
}

export function has(before: readonly Finding[], ...ids: readonly Finding['id'][]): boolean {
  return before.some((found) => ids.includes(found.id));
}

import type { PSValue } from '../session.ts';
import type { FlatRecord } from './flat-record.ts';
import type { FindingId } from './ids.ts';
import { Refused, ScriptFailed } from './run-errors.ts';
import type { ServerScript } from './scripts.ts';
import type { CallOptions } from './server-link.ts';
import type { StepContext } from './step.ts';

/** What a check of guard.ps1 that does not hold any more means; the others mean that nothing can be told. */
const findingOf: Readonly<Record<string, FindingId>> = {
  'build': 'build-too-old', 'controller': 'key-unreadable-no-dc', 'database': 'database-nearly-full', 'password-mode': 'application-auth', 'no-newer': 'key-recreated',
};

/** Runs a script that acts, once, with the checks of this moment (`only`: with those of these names). Rejects with Refused where the server says that one does not hold any more. */
export async function actGuarded(context: StepContext, script: ServerScript, parameters: Readonly<Record<string, PSValue>>, options: CallOptions = {}, only?: ReadonlySet<string>): Promise<readonly FlatRecord[]> {
  try {
    return await context.link.act(script, { ...parameters, Guard: guardText(context, only) }, options);
  } catch (error) {
    throw await refusedByServer(context, error);
  }
}

/** The checks of this moment as guard.ps1 reads them; `only` keeps those of these names. */
export function guardText(context: StepContext, only?: ReadonlySet<string>): string {
  return context.memory.guard.filter((line) => only?.has(line.slice(0, line.indexOf('='))) ?? true).join('\n');
}

/** The same error, or the Refused that it stands for; the refusal is journaled. */
export async function refusedByServer(context: StepContext, error: unknown): Promise<unknown> {
  if (!(error instanceof ScriptFailed)) return error;
  const match = /guard:([a-z-]{1,30}) because ([^\r\n]{1,600})/.exec(error.remote?.message ?? '');
  if (match === null) return error;
  const [, check = '', why = ''] = match;
  await context.note('gate', { gate: check, outcome: 'refused on the server', reason: why });
  return new Refused(findingOf[check] ?? 'cannot-tell', `${context.link.name}: the server's own check at the moment of acting stopped it: ${why} Nothing was changed by it. Diagnose again.`);
}

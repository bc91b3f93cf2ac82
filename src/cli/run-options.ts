import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { parseToken, type ApprovalToken } from '../connect/approval/token.ts';
import { planIds, stepIds, type PlanId, type StepId } from '../connect/ids.ts';
import { isTicket, longestTicket } from '../connect/report/ticket.ts';
import { adDsWays, type AdDsWay } from '../connect/step.ts';
import { questionIds } from '../connect/steps/questions.ts';
import { oneOf, parseWords } from './arguments.ts';
import { minutes } from './chosen-plan.ts';
import { CliError, wrongCall } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/** Holds the token of an approval where no option names a file. */
export const approvalVariable = 'ENTRA_CONNECT_APPROVAL';

/** How `run` was called. */
export interface RunCall {
  readonly server: string;
  readonly servers: string | undefined;
  readonly plan: PlanId | undefined;
  readonly step: StepId | undefined;
  readonly connector: string | undefined;
  readonly confirm: string | undefined;
  readonly token: ApprovalToken | undefined;
  readonly answers: ReadonlyMap<string, string>;
  /** Milliseconds. */
  readonly patience: number;
  readonly ticket: string | undefined;
  /** An interrupted run goes on: the one of this id, or the newest that the server remembers. */
  readonly resume: { readonly run: string | undefined } | undefined;
  /** Where another client holds the server, the person at the terminal is asked to take it over. */
  readonly takeOver: boolean;
  readonly adDs: AdDsWay;
  readonly json: boolean;
}

/** Reads the words of `run`, and the approval from where they say. Throws a CliError. */
export async function readRunCall(io: CliIo, words: readonly string[]): Promise<RunCall> {
  const { values, positionals } = parseWords('run', words, {
    'servers': { type: 'string' }, 'plan': { type: 'string' }, 'step': { type: 'string' }, 'connector': { type: 'string' }, 'confirm': { type: 'string' }, 'approval': { type: 'string' },
    'answer': { type: 'string', multiple: true }, 'wait': { type: 'string' }, 'ticket': { type: 'string' }, 'resume': { type: 'boolean' }, 'take-over': { type: 'boolean' }, 'ad-ds': { type: 'string' }, 'json': { type: 'boolean' },
  }, { least: 1, most: words.includes('--resume') ? 2 : 1 });
  const { plan, step, connector } = values;
  const resume = values.resume === true ? { run: readRun(positionals[1]) } : undefined;
  if (resume !== undefined && (plan ?? step ?? connector) !== undefined) throw wrongCall('--resume goes on with what was begun: --plan, --step and --connector are not for it.', 'run');
  if (plan !== undefined && step !== undefined) throw wrongCall('--plan and --step exclude each other.', 'run');
  if (plan === undefined && step === undefined && resume === undefined && io.terminal === undefined) throw wrongCall('Without a terminal run needs --plan, --step or --resume: nothing is chosen for somebody who is not there.', 'run');
  if (values['take-over'] === true && io.terminal === undefined) throw new CliError(exitCodes.refused, 'A server is taken over from another run by a person who knows that it is dead, and there is no terminal to ask one at.', 'A run that died lets go of the server by itself within minutes. Nothing was changed.');
  if (values.ticket !== undefined && !isTicket(values.ticket)) throw wrongCall(`--ticket takes one line of at most ${longestTicket} characters.`, 'run');
  return {
    server: positionals[0] ?? '', servers: values.servers, plan: plan === undefined ? undefined : oneOf('run', 'plan', plan, planIds), step: step === undefined ? undefined : oneOf('run', 'step', step, stepIds), connector, confirm: values.confirm,
    token: await readToken(io, values.approval), answers: readAnswers(values.answer ?? []), patience: minutes('run', 'wait', values.wait, 30, 0, 1440), ticket: values.ticket,
    resume, takeOver: values['take-over'] === true, adDs: values['ad-ds'] === undefined ? 'guided' : oneOf('run', 'ad-ds', values['ad-ds'], adDsWays), json: values.json === true,
  };
}

function readRun(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw wrongCall('--resume takes the id of a run, as "report" lists them, or nothing for the newest that the server remembers.', 'run');
  return text?.toLowerCase();
}

function readAnswers(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw wrongCall('--answer takes QUESTION=ANSWER, for instance password-change-kind=change.', 'run');
    return [oneOf<string>('run', 'answer', text.slice(0, at), questionIds), text.slice(at + 1)];
  }));
}

async function readToken(io: CliIo, file: string | undefined): Promise<ApprovalToken | undefined> {
  const text = file === undefined ? io.environment[approvalVariable] : await readApproval(io, file);
  if (text === undefined || (file === undefined && text === '')) return undefined;
  const token = parseToken(text);
  if (token === undefined) throw new CliError(exitCodes.refused, 'What was given as an approval is no token: "entra-connect plan --approve" prints one line that begins with eca1.', 'Nothing was changed.');
  return token;
}

async function readApproval(io: CliIo, file: string): Promise<string> {
  if (file === '-') {
    if (io.terminal !== undefined) throw wrongCall('At a terminal the server\'s name is typed instead of an approval from standard input.', 'run');
    return await io.readInput();
  }
  try {
    return (await readFile(isAbsolute(file) ? file : resolve(io.folder, file), 'utf8')).slice(0, 1024);
  } catch (error) {
    throw new CliError(exitCodes.wrongCall, `The approval cannot be read from ${file}: ${error instanceof Error ? error.message : String(error)}.`, 'Give the file that "plan --approve" was written to.', { cause: error });
  }
}

import { plain } from '../connect/evidence.ts';
import type { Finding } from '../connect/finding.ts';
import { secondsSince } from '../connect/lock-entry.ts';
import type { Plan, PlannedStep } from '../connect/plan.ts';
import { resumption } from '../connect/resume.ts';
import type { RunOptions } from '../connect/run.ts';
import { lockHolder, remainingSteps, runRecords, settledBy, unfinishedRun, type RunRecord } from '../connect/run-record.ts';
import type { Snapshot } from '../connect/snapshot.ts';
import { stepById } from '../connect/steps/registry.ts';
import { chosenPlans } from './chosen-plan.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { RunCall } from './run-options.ts';

/** What a call of `run` comes to on a server as it is now. */
export interface ChosenWork {
  readonly work: RunOptions['work'];
  /** The run's id: a new one, or that of the run that goes on. */
  readonly id: string;
  /** What is to be agreed to; undefined: one single step, or an interrupted run of which only the run itself can tell how it goes on. */
  readonly plan: Plan | undefined;
  readonly steps: readonly Pick<PlannedStep, 'step'>[];
}

/** Finds out what is to be run. Throws a CliError where there is nothing to do, or nothing that may be chosen without a person. */
export function chosenWork(server: string, call: RunCall, { findings, snapshot }: { findings: readonly Finding[]; snapshot: Snapshot }, newId: () => string, attended: boolean): ChosenWork {
  if (call.resume !== undefined) return resumed(server, call.resume.run, findings, snapshot, newId, attended);
  if (call.step !== undefined) return { work: { kind: 'step', step: call.step, target: call.connector }, id: newId(), plan: undefined, steps: [{ step: call.step }] };
  const [plan] = chosenPlans(call.plan, call.connector, findings, snapshot);
  if (plan === undefined) throw new CliError(exitCodes.done, `Nothing that was found on ${server} calls for a plan: nothing was done.`);
  return { work: { kind: 'plan', plan }, id: newId(), plan, steps: plan.steps };
}

/** Whether a step that can never be undone is among what is left to do. */
export function holdsIrreversible({ steps }: ChosenWork): boolean {
  return steps.some(({ step }) => stepById(step).danger === 'irreversible');
}

/** What the server remembers of work that is not at its end, for a person who is about to run something there; empty: nothing. */
export function unfinishedText(server: string, snapshot: Snapshot): string {
  const run = unfinishedRun(snapshot);
  const held = lockHolder(snapshot);
  const lines = [
    ...(run === undefined ? [] : [`Interrupted run ${run.id} (${plain(run.title)}), begun by ${plain(run.holder)} at ${run.started}; go on with it: entra-connect run ${plain(server)} --resume`]),
    ...(held === undefined ? [] : [`In use by ${plain(held.entry.who)} on ${plain(held.entry.host)}, last alive ${secondsSince(held.entry, held.reading)} s ago by the server's clock; only where you know that it is dead: --take-over, at a terminal`]),
  ];
  return lines.map((line) => `  ! ${line}\n`).join('');
}

function resumed(server: string, named: string | undefined, findings: readonly Finding[], snapshot: Snapshot, newId: () => string, attended: boolean): ChosenWork {
  const record = recordOf(server, named, snapshot);
  const work = { kind: 'resume', record, entry: newId() } as const;
  const next = resumption(record, findings, snapshot);
  // What is refused by what the server shows now may look different once nothing of the interrupted run is at work: the run finds out.
  if (next.kind === 'refuse') return { work, id: record.id, plan: undefined, steps: remainingSteps(record) };
  if (!attended && next.plan !== undefined && next.plan.id !== record.plan) {
    throw new CliError(exitCodes.refused, `The interrupted run was ${record.plan ?? 'a single step'}, and the diagnosis calls for ${next.plan.id} now: nothing else is chosen for somebody who is not there.`, `Go on at a terminal, or start it with --plan ${next.plan.id}. Nothing was changed.`);
  }
  return { work, id: record.id, plan: next.plan, steps: next.steps };
}

function recordOf(server: string, named: string | undefined, snapshot: Snapshot): RunRecord {
  if (!snapshot.markers.known) throw new CliError(exitCodes.failed, `What ${server} remembers of its runs could not be read: ${plain(snapshot.markers.detail === '' ? snapshot.markers.why : snapshot.markers.detail)}`, 'Only an administrator of the server can read it.');
  if (named === undefined) {
    const newest = unfinishedRun(snapshot);
    if (newest === undefined) throw new CliError(exitCodes.done, `${server} remembers no interrupted run: nothing was done.`);
    return newest;
  }
  const records = runRecords(snapshot);
  const record = records.find(({ id }) => id === named);
  if (record === undefined) {
    const known = unfinishedRun(snapshot);
    throw new CliError(exitCodes.wrongCall, `${server} remembers no run ${named}.`, known === undefined ? 'It remembers no interrupted run at all.' : `Its interrupted run is ${known.id}.`);
  }
  if (record.state === 'done') throw new CliError(exitCodes.done, `The run ${named} has been brought to its end by ${plain(record.holder)}: nothing was done.`);
  const later = settledBy(record, records);
  if (later !== undefined) throw new CliError(exitCodes.refused, `The run ${named} is settled: ${plain(later.holder)} brought a later plan to its end (${later.id}).`, 'Diagnose the server, and start what the diagnosis calls for. Nothing was changed.');
  return record;
}

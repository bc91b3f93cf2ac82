import { checksAgain, refusals, type Refusal } from './gates.ts';
import { valueOf } from './fact.ts';
import type { FindingId, PlanId, StepState } from './ids.ts';
import type { RunContext } from './run-context.ts';
import { Cancelled, OutcomeUnknown, Refused, StepFailed, errorText, isConnectionLost } from './run-errors.ts';
import type { Snapshot } from './snapshot.ts';
import type { Step, StepContext } from './step.ts';

/** How a step ended. */
export interface StepEnd {
  readonly state: StepState;
  readonly detail: string;
  /** Set where a gate forbade it. */
  readonly refused: { readonly finding: FindingId; readonly reason: string } | undefined;
}

/** Steps after which the old runspace's proxies of ADSync fault. */
const restarts: ReadonlySet<string> = new Set(['start-service', 'stop-service', 'restart-service', 'abandon-key']);

/** Takes one step through precheck, gates, confirmation, action and postcondition. Never rejects. */
export async function runStep(run: RunContext, step: Step, plan: PlanId | undefined, context: StepContext): Promise<StepEnd> {
  const progress = { acting: false };
  try {
    return await lifecycle(run, step, plan, context, progress);
  } catch (error) {
    return ended(error, run.signal, progress.acting);
  }
}

async function lifecycle(run: RunContext, step: Step, plan: PlanId | undefined, context: StepContext, progress: { acting: boolean }): Promise<StepEnd> {
  const precheck = await step.precheck(context);
  await context.note('precheck', { outcome: precheck.kind, found: precheck.kind === 'skip' ? [precheck.why] : precheck.says });
  if (precheck.kind === 'skip') {
    context.say('dim', `Skipped: ${precheck.why}`);
    return { state: 'skipped', detail: precheck.why, refused: undefined };
  }
  for (const line of precheck.says) context.say('text', line);
  await passGates(run, step, plan, context, false);

  const answer = await step.confirm(context, precheck.found);
  if (answer === undefined) throw new Cancelled('Declined.');
  // A person may have taken long: the gates hold at the moment of acting or nothing is done.
  await passGates(run, step, plan, context, step.danger === 'irreversible');
  // Whoever lost the lock meanwhile changes nothing more, however long the person thought.
  if (step.danger !== 'none') await run.lock.keep(run.signal, 1);
  if (run.signal.aborted) throw new Cancelled('The run was cancelled.');

  // Only these change what gates and findings rest on; anything else leaves a snapshot of some seconds ago true.
  if (step.danger === 'outage' || step.danger === 'irreversible') run.forget();
  progress.acting = true;
  const outcome = await act(run, step, context, precheck.found, answer);
  if (restarts.has(step.id)) await run.link.reconnecting(() => run.link.renew(run.signal), run.signal);
  const post = await step.postcondition(context, precheck.found, outcome);
  context.say(post.held ? 'good' : 'bad', post.says);
  if (!post.held) throw new StepFailed(`${step.title}: what was read back is not what was meant. ${post.says} ${step.ifStoppedHere}`);
  return { state: 'done', detail: post.says, refused: undefined };
}

async function act(run: RunContext, step: Step, context: StepContext, found: unknown, answer: unknown): Promise<unknown> {
  try {
    return await step.action(context, found, answer);
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    await context.note('connection-lost', { reason: errorText(error) });
    context.say('warn', `The connection was lost in the middle of "${step.title}". Connecting again to see what became of it.`);
    await run.link.reconnecting(() => run.link.renew(run.signal), run.signal);
    // The session may come back to another machine or another state.
    await passGates(run, step, undefined, context, true, ['machine', 'rights']);
    // The lease may have run out meanwhile; whoever lost the lock does nothing a second time.
    if (step.danger !== 'none') await run.lock.keep(run.signal, 1);
    return step.afterLoss === 'repeat' ? step.action(context, found, answer) : undefined;
  }
}

async function passGates(run: RunContext, step: Step, plan: PlanId | undefined, context: StepContext, fresh: boolean, only?: readonly string[]): Promise<void> {
  const check = async (anew: boolean): Promise<{ snapshot: Snapshot; refused: readonly Refusal[] }> => {
    const { snapshot, findings } = await run.look(anew);
    return { snapshot, refused: refusals({ step: step.id, plan, snapshot, findings, confirmed: run.memory.identity }).filter((refusal) => only?.includes(refusal.gate) ?? true) };
  };
  let { snapshot, refused } = await check(fresh);
  // What speaks against it may be over since that was read: a synchronization that was waited for, a window that somebody closed.
  if (refused.length > 0 && !fresh) ({ snapshot, refused } = await check(true));
  const hard = refused.filter((refusal) => !refusal.overridable);
  for (const refusal of hard) await context.note('gate', { gate: refusal.gate, outcome: 'refused', reason: refusal.reason });
  const [first] = hard;
  if (first !== undefined) throw new Refused(first.finding, first.reason);
  for (const refusal of refused) await overrule(run, step, context, refusal, valueOf(snapshot.server.computerName));
  run.memory.guard = checksAgain(step.id, snapshot, run.memory.identity, run.lock.id);
}

/** Lets a person overrule a gate, once a run, by typing the name that the server reports now; declining is the refusal. */
async function overrule(run: RunContext, step: Step, context: StepContext, refusal: Refusal, computerName: string | undefined): Promise<void> {
  if (run.memory.overruled.has(refusal.gate)) return;
  const agreed = computerName !== undefined && await context.consent({
    title: `${step.title}: go on all the same?`, changes: [refusal.reason, `Only you can know better. What you type is kept in this run's journal as your decision for ${computerName}.`],
    undo: 'Do not go on where you are not certain: what this gate keeps from happening cannot be undone.',
    irreversible: true, typedName: computerName, action: 'Go on all the same', overrules: refusal.gate,
  }, true);
  await context.note('gate', { gate: refusal.gate, outcome: agreed ? 'overruled' : 'refused', reason: refusal.reason });
  if (!agreed) throw new Refused(refusal.finding, refusal.reason);
  run.memory.overruled.add(refusal.gate);
}

/** What an error means for the step. A connection that stays lost while acting leaves the outcome open. */
function ended(error: unknown, signal: AbortSignal, acting: boolean): StepEnd {
  const detail = errorText(error);
  if (error instanceof Refused) return { state: 'refused', detail, refused: { finding: error.finding, reason: detail } };
  if (error instanceof OutcomeUnknown) return { state: 'unknown', detail, refused: undefined };
  if (error instanceof Cancelled || signal.aborted) return { state: 'cancelled', detail: error instanceof Cancelled ? detail : 'The run was cancelled.', refused: undefined };
  if (isConnectionLost(error)) return { state: acting ? 'unknown' : 'failed', detail: `${detail}${acting ? ' What became of the step is not known: diagnose again once the server answers.' : ''}`, refused: undefined };
  return { state: 'failed', detail, refused: undefined };
}

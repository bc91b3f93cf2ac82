import { hasPassword, parseAccount, type AccountKind } from '../account.ts';
import { compareBuilds, firstBuildThatRecreatesKeys } from '../builds.ts';
import { abandonment, startedSince } from '../abandonment.ts';
import { judgeAbandon, readAbandonRecord } from '../abandon-marker.ts';
import { valueOf } from '../fact.ts';
import { startServiceByHand } from '../manual/service.ts';
import { Cancelled, Refused, StepFailed } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import { methodCodeText, readService, startOnce, waitUntilStarted, type ServiceReading } from '../service-control.ts';
import type { Step, StepContext } from '../step.ts';
import { startNameOf } from './installation.ts';
import { readKeyEvents } from './key-events.ts';
import { settlePasswordChange } from './questions.ts';

interface Found {
  readonly startName: string;
  readonly computerName: string;
  /** A start with an unreadable key would make a new one and drop every stored connector secret. */
  readonly destructive: boolean;
  /** The kind of an account whose password a person can have set; undefined for any other. */
  readonly kind: AccountKind | undefined;
  readonly writableController: boolean | undefined;
  readonly starting: boolean;
  readonly applicationRecord: number;
}

/** One start attempt; what it means is told by a new diagnosis, never by trying again. */
export const startService: Step<Found, true, { code: number }> = {
  id: 'start-service',
  title: 'Start the service',
  summary: 'Asks Windows once to start ADSync and waits for what becomes of it.',
  danger: 'outage',
  // A session that ends takes nothing with it: Service Control Manager has the start once it was asked, and starts the process itself.
  // The guard belongs into the round trip that asks: a task that asked some time later could start what must not be started any more.
  launch: 'inline',
  parameters: [],
  duration: 'Some seconds to a few minutes.',
  ifStoppedHere: 'The service runs, or is stopped as before; the events say which.',
  afterLoss: 'read-back',
  manual: startServiceByHand,

  async precheck(context) {
    const { snapshot } = await context.look();
    const startName = startNameOf(snapshot);
    const now = await readService(context);
    if (now.state === 'Running') {
      // Whoever started it after an abandonment, and whatever for: its mark has said what it had to say.
      await settleDone(context, undefined);
      return { kind: 'skip', why: 'The service runs already.' };
    }
    if (now.startName !== startName) throw new Refused('cannot-tell', `The service ran as '${startName}' a moment ago and as '${now.startName}' now.`);
    const computerName = valueOf(snapshot.server.computerName) ?? context.link.name;
    const account = parseAccount(startName, computerName);
    const build = valueOf(snapshot.installation.build);
    // Only our own mark proves that there is no key left to lose; an event can be written by any program.
    const abandoned = abandonment(snapshot);
    const afterAbandon = context.purpose === 'after-abandon' && abandoned.state === 'done' && !startedSince(snapshot, abandoned.at);
    const destructive = !afterAbandon && (build === undefined || compareBuilds(build, firstBuildThatRecreatesKeys) >= 0);
    const found: Found = {
      startName, computerName, destructive, kind: account !== undefined && hasPassword(account.kind) ? account.kind : undefined, writableController: valueOf(snapshot.domainController.writable),
      starting: now.state === 'Start Pending', applicationRecord: now.applicationRecord,
    };
    return { kind: 'ready', found, says: [`ADSync is ${now.state} and would start as ${startName}.`] };
  },

  async confirm(context, found) {
    if (found.starting) return true;
    const how = found.destructive && found.kind !== undefined ? await settlePasswordChange(context, found.startName, found.kind) : 'change';
    if (how !== 'change' && found.kind === 'domain-user' && found.writableController !== true) {
      throw new Refused('key-unreadable-no-dc', 'After a reset only a writable domain controller makes the key of a domain account readable again, and whether one answers is not known. Start the service when one does.');
    }
    const agreed = await context.consent({
      title: 'Start ADSync once',
      changes: [
        `On ${found.computerName} the service ADSync is started once, as ${found.startName}. A wrong password counts as one failed log-on.`,
        ...(found.destructive ? [`May drop connector secrets: if the encryption key cannot be read, this build makes a new one, and every connector's password has to be entered again${how === 'change' ? ' (unlikely after a change)' : ''}.`] : []),
      ],
      undo: found.destructive ? 'The service can be stopped again; secrets that were dropped cannot be brought back.' : 'The service can be stopped again.',
      irreversible: found.destructive && how !== 'change', typedName: undefined, action: 'Start the service',
    }, found.destructive);
    if (!agreed) throw new Cancelled('Declined.');
    return true;
  },

  async action(context, found) {
    if (found.starting) {
      await waitUntilStarted(context);
      return { code: 0 };
    }
    await context.note('intent', { action: 'StartService', startName: found.startName, applicationRecord: found.applicationRecord });
    return { code: (await startOnce(context, found.startName)).code };
  },

  async postcondition(context, found, outcome) {
    const now = await waitUntilStarted(context);
    await context.note('evidence', { fact: 'State', value: now.state });
    if (now.startName !== found.startName) throw new StepFailed(`The service now runs as '${now.startName}' instead of '${found.startName}'.`);
    if (now.state === 'Running') return started(context, found);
    if (found.writableController === true) context.memory.retriedWithController = true;
    return stopped(context, now, outcome?.code);
  },
};

async function started(context: StepContext, found: Found): Promise<{ held: boolean; says: string }> {
  const events = await readKeyEvents(context, found.applicationRecord);
  const recreated = events.find((event) => event.provider === 'ADSync' && (event.id === 6227 || event.id === 6231));
  const created = events.find((event) => event.provider === 'ADSync' && event.id === 6201);
  for (const event of [recreated, created]) {
    if (event !== undefined) await context.note('evidence', { fact: 'event', eventId: event.id, recordId: event.recordId, time: event.time });
  }
  if (recreated !== undefined && context.purpose !== 'after-abandon') {
    context.say('warn', `The service could not read its key and made a new one (event ${recreated.id}): every stored secret has to be entered again.`);
  }
  await settleDone(context, created !== undefined || recreated !== undefined);
  return { held: true, says: `ADSync runs as ${found.startName}.${created === undefined ? '' : ' It made a new key (event 6201).'}` };
}

/**
 * An abandonment that is done ends with the service that runs afterwards. `made`: whether an event of this start tells of a new key;
 * undefined: it ran already. Only the step that belongs to the abandonment settles it without any such event on record.
 */
async function settleDone(context: StepContext, made: boolean | undefined): Promise<void> {
  const record = readAbandonRecord(await context.link.read(scripts.readAbandon, {}, { signal: context.signal }));
  if (record === undefined || judgeAbandon(record) !== 'done') return;
  const told = made === true || (await readKeyEvents(context, record.applicationRecord)).some((event) => event.provider === 'ADSync' && [6201, 6227, 6231].includes(event.id));
  if (!told && context.purpose !== 'after-abandon') return;
  if (!told) context.say('warn', 'The service runs, but no event says that it made a new key (6201).');
  await context.link.read(scripts.settleAbandon, { Intent: record.intent }, { signal: context.signal });
  context.say('dim', 'The abandonment is settled: exit code 0, and the service started afterwards.');
}

async function stopped(context: StepContext, now: ServiceReading, code: number | undefined): Promise<{ held: boolean; says: string }> {
  const { findings } = await context.look(true);
  const first = findings[0];
  const specific = now.specificCode === 0 ? '' : `, 0x${(now.specificCode >>> 0).toString(16).padStart(8, '0')}`;
  const came = code === undefined || code === 0 ? `it ended with ${now.exitCode}${specific}` : `${methodCodeText(code)} (${code}${specific})`;
  const says = `ADSync did not start: ${came}. ${first === undefined ? 'Diagnose again.' : `Now: ${first.title}. ${first.advice}`}`;
  if (context.purpose === 'retry') return { held: true, says: `One attempt was made. ${says}` };
  throw new StepFailed(`${says} It is not tried again: failed log-ons can lock the account.`);
}

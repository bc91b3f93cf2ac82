import { numberOf, textOf, truthOf, type FlatRecord } from './flat-record.ts';
import { actGuarded } from './guarded.ts';
import { Cancelled, StepFailed } from './run-errors.ts';
import { scripts } from './scripts.ts';
import type { StepContext } from './step.ts';

/** The service as read a moment ago. */
export interface ServiceReading {
  readonly state: string;
  readonly startName: string;
  readonly processAlive: boolean;
  readonly exitCode: number;
  readonly specificCode: number;
  readonly applicationRecord: number;
}

/** Between two looks at a service that is changing its state, in milliseconds. */
const lookInterval = 1_000;
/** A service that says Running and ends within this time did not start, in milliseconds. */
const settleTime = 2_000;
/** Longest wait for a state, in milliseconds: stopping alone can take more than two minutes. */
const longestStart = 600_000;
const longestStop = 600_000;

/** Reads the service; the read is repeated over a new connection where one breaks. */
export async function readService(context: StepContext): Promise<ServiceReading> {
  return reading(await context.link.read(scripts.readService, {}, { signal: context.signal }));
}

function reading(records: readonly FlatRecord[]): ServiceReading {
  const record = records[0];
  const state = textOf(record, 'state');
  if (state === '') throw new StepFailed('The server did not say which state ADSync is in. Look at the service in Service Control Manager.');
  return {
    state,
    startName: textOf(record, 'startName'),
    processAlive: truthOf(record, 'processAlive') === true,
    exitCode: numberOf(record, 'exitCode') ?? 0,
    specificCode: numberOf(record, 'serviceSpecificExitCode') ?? 0,
    applicationRecord: numberOf(record, 'applicationRecord') ?? 0,
  };
}

/** What Win32_Service's methods answer (Microsoft's documentation of Win32_Service.StartService and StopService). */
const methodCodes: Readonly<Record<number, string>> = {
  1: 'the request is not supported', 2: 'access was denied', 3: 'services that depend on it are running', 4: 'the control code is not valid', 5: 'the service cannot accept it in its state',
  6: 'the service has not been started', 7: 'the service did not respond in time', 8: 'unknown failure while starting', 9: 'the program was not found', 10: 'the service is running already',
  11: 'the service database is locked', 12: 'a service it depends on was removed', 13: 'a service it depends on could not be found', 14: 'the service is disabled',
  15: 'the service could not log on', 16: 'the service is marked for deletion', 17: 'the service has no thread', 21: 'a parameter is not valid', 22: 'the account is not valid or may not be used', 24: 'the service is paused',
};

/** The meaning of a Win32_Service return value, for a person. */
export function methodCodeText(code: number): string {
  return methodCodes[code] ?? `Windows answered ${code}`;
}

/** In the middle of a restart only what speaks against a start counts: the service must not stay down because a window was opened. */
const startChecks: ReadonlySet<string> = new Set(['machine', 'lock', 'account', 'enabled', 'build', 'controller', 'utility']);

/** One start attempt, then waits for what becomes of it. Resolves with the service as it is afterwards, started or not. */
export async function startOnce(context: StepContext, startName: string): Promise<ServiceReading & { readonly code: number }> {
  const [answer] = await actGuarded(context, scripts.startService, { StartName: startName }, { signal: context.signal }, startChecks);
  const code = numberOf(answer, 'returnValue') ?? -1;
  await context.note('action', { action: 'StartService', outcome: methodCodeText(code), code });
  return { ...(await waitUntilStarted(context)), code };
}

/** Waits until a service that is starting has started or stopped. */
export async function waitUntilStarted(context: StepContext): Promise<ServiceReading> {
  const deadline = context.clock.now() + longestStart;
  for (;;) {
    const now = await readService(context);
    if (now.state === 'Stopped') return now;
    if (now.state === 'Running') {
      await context.pause(settleTime);
      return readService(context);
    }
    if (context.clock.now() > deadline) throw new StepFailed(`ADSync was still '${now.state}' after ten minutes. Look at the System and Application logs, then diagnose again.`);
    context.progress(`ADSync is ${now.state}`);
    await context.pause(lookInterval);
  }
}

/** Stops the service and waits until its process is gone. */
export async function stopAndWait(context: StepContext): Promise<ServiceReading> {
  const [answer] = await actGuarded(context, scripts.stopService, {}, { signal: context.signal });
  const code = numberOf(answer, 'returnValue') ?? -1;
  await context.note('action', { action: 'StopService', outcome: methodCodeText(code), code });
  if (code !== 0 && code !== 5 && code !== 6) throw new StepFailed(`ADSync was not stopped: ${methodCodeText(code)}. Nothing was changed.`);
  const deadline = context.clock.now() + longestStop;
  for (;;) {
    const now = await readService(context);
    if (now.state === 'Stopped' && !now.processAlive) return now;
    if (context.clock.now() > deadline) throw new StepFailed(`ADSync is '${now.state}'${now.processAlive ? ' and its process miiserver is still there' : ''} after ten minutes. Look at it on the server.`);
    context.progress(now.state === 'Stopped' ? 'ADSync has stopped; its process is ending' : `ADSync is ${now.state}`);
    await context.pause(lookInterval);
  }
}

/** Asks for consent to an outage unless the plan was confirmed as a whole. */
export async function consentToOutage(context: StepContext, title: string, change: string, undo: string, action: string): Promise<true> {
  const agreed = await context.consent({ title, changes: [change], undo, irreversible: false, typedName: undefined, action }, false);
  if (!agreed) throw new Cancelled('Declined.');
  return true;
}

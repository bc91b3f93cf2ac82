import { accountChanged, databaseEvents, keyFailureEvents, keyRecreatedEvents, keysNotFound, keysOfAnotherDatabase, meaningOf } from './events.ts';
import type { FindingId, PlanId, StepId } from './ids.ts';

/** What an event can be evidence of, taken by itself: the diagnosis weighs it against everything else. */
export function findingsSuggestedBy(provider: string, id: number): readonly FindingId[] {
  if (provider === 'Service Control Manager') return controlManager.get(id) ?? [];
  if (provider === 'ADSync') {
    if (keyFailureEvents.includes(id)) return ['key-lost', 'key-unreadable-no-dc'];
    if (keyRecreatedEvents.includes(id)) return ['key-recreated'];
    if (databaseEvents.includes(id)) return ['database-broken'];
    return engine.get(id) ?? [];
  }
  if (provider === 'Directory Synchronization') return directory.get(id) ?? [];
  return [];
}

const controlManager: ReadonlyMap<number, readonly FindingId[]> = new Map([
  [7000, ['stale-scm-password', 'account-blocked']], [7024, ['key-lost', 'key-unreadable-no-dc', 'database-broken']], [7038, ['stale-scm-password', 'account-blocked']], [7041, ['logon-right-missing']],
]);
const engine: ReadonlyMap<number, readonly FindingId[]> = new Map([
  [keysNotFound, ['account-replaced', 'key-lost']], [accountChanged, ['account-replaced']], [keysOfAnotherDatabase, ['database-restored']],
  [6000, ['connector-password']], [6601, ['connector-password', 'key-recreated']], [6602, ['connector-password', 'key-recreated']],
  [6073, ['database-nearly-full']], [6323, ['database-nearly-full']], [6801, ['entra-sign-in']], [6803, ['entra-sign-in']], [6900, ['entra-sign-in']],
]);
const directory: ReadonlyMap<number, readonly FindingId[]> = new Map([
  [659, ['entra-sign-in']], [906, ['entra-sign-in']], [1011, ['application-auth']], [1012, ['application-auth']],
]);

/** The plan that a finding calls for, and single steps that help with it. Gates decide whether any of them may run. */
export function remediesOf(finding: FindingId): { readonly plan: PlanId | undefined; readonly steps: readonly StepId[] } {
  return remedies[finding] ?? { plan: undefined, steps: [] };
}

const remedies: Readonly<Partial<Record<FindingId, { readonly plan: PlanId; readonly steps: readonly StepId[] }>>> = {
  'stale-scm-password': { plan: 'service-password', steps: ['set-service-password', 'start-service'] },
  'key-lost': { plan: 'full-abandonment', steps: ['start-service', 'abandon-key'] },
  'key-recreated': { plan: 'credentials-only', steps: ['enter-connector-password', 'reinitialize-entra-account', 'verify'] },
  'connector-password': { plan: 'connector-password', steps: ['enter-connector-password', 'restart-service'] },
  'entra-sign-in': { plan: 'entra-reinitialize', steps: ['reinitialize-entra-account', 'restart-service'] },
  'application-auth': { plan: 'entra-application', steps: [] },
};

/** Whether an event is good or bad news for the repair, whatever level it is written with; undefined: it does not matter here. */
export function newsOf(provider: string, id: number): 'good' | 'bad' | 'neutral' | undefined {
  const meaning = meaningOf(provider, id);
  if (meaning === undefined) return undefined;
  if (goodNews.has(`${provider}/${id}`)) return 'good';
  return meaning.level === 'error' || (provider === 'ADSync' && keyRecreatedEvents.includes(id)) ? 'bad' : 'neutral';
}

const goodNews: ReadonlySet<string> = new Set(['ADSync/2001', 'ADSync/6201', 'ADSync/6603', 'Directory Synchronization/2518', 'Directory Synchronization/2519']);

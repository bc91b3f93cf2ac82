import { abandonment, startedSince } from './abandonment.ts';
import { accountKindNames, belongsToDomain, hasPassword, parseAccount } from './account.ts';
import { compareBuilds, firstBuildThatRecreatesKeys, firstBuildWithApplicationMode, lastBuildOfOldKeys } from './builds.ts';
import { valueOf, whyMissing } from './fact.ts';
import type { Finding } from './finding.ts';
import type { FindingId, PlanId, StepId } from './ids.ts';
import { sameMachine, type MachineIdentity } from './machine-pin.ts';
import { originalAccount } from './original-account.ts';
import { nearlyFullMegabytes } from './rules/database.ts';
import type { Snapshot } from './snapshot.ts';

/** What a gate looks at; the snapshot is the one of this moment. */
export interface GateFacts {
  readonly step: StepId;
  readonly plan: PlanId | undefined;
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  /** The machine that was confirmed when the run began; undefined before there is a run. */
  readonly confirmed: MachineIdentity | undefined;
}

export interface Refusal {
  readonly gate: string;
  readonly finding: FindingId;
  readonly reason: string;
  /** A person may overrule it by typing the name that the server reports now. */
  readonly overridable: boolean;
}

/** What the server checks again in the round trip that acts: names and values of guard.ps1. */
type Check = readonly [name: string, value: string];

/** A condition that forbids steps, whoever asks. */
export interface Gate {
  readonly id: string;
  readonly steps: readonly StepId[];
  /** Only these can be overruled; every other one holds, whoever types what. */
  readonly overridable?: true;
  /** Says why the step is forbidden now; undefined: it is not. */
  readonly check: (facts: GateFacts) => Omit<Refusal, 'gate' | 'overridable'> | undefined;
  /** How the server tells at the moment of acting that this has become true meanwhile; `run` is the run's id, which names its lock. */
  readonly again?: (snapshot: Snapshot, confirmed: MachineIdentity | undefined, run: string, step: StepId) => readonly Check[];
}

const mutating: readonly StepId[] = [
  'back-up-configuration', 'back-up-database', 'pause-scheduler', 'set-service-password', 'stop-service', 'abandon-key', 'start-service',
  'enter-connector-password', 'reinitialize-entra-account', 'restart-service', 'verify', 'restore-scheduler',
];
const stopping: readonly StepId[] = ['stop-service', 'restart-service', 'abandon-key'];
/** Change what the sync engine has stored. */
const configuring: readonly StepId[] = ['enter-connector-password', 'reinitialize-entra-account'];
const starting: readonly StepId[] = ['start-service', 'restart-service'];

/** Findings that say where the fault lies instead; with one of them the key is never abandoned as lost. */
const notTheKey: readonly FindingId[] = [
  'stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced', 'key-unreadable-no-dc', 'key-recreated',
  'database-broken', 'database-restored', 'database-nearly-full', 'cannot-tell', 'access-denied',
];
/** With one of these, abandoning does harm whatever the reason: the service would not come up again, or what was made anew is lost. */
const harmful: readonly FindingId[] = [
  'not-installed', 'access-denied', 'stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced', 'key-unreadable-no-dc', 'key-recreated', 'database-broken', 'database-nearly-full',
];

/** Every gate, in the order in which they are told. */
const gates: readonly Gate[] = [
  {
    id: 'machine',
    steps: mutating,
    check: ({ snapshot, confirmed }) => {
      if (confirmed === undefined) return undefined;
      const name = valueOf(snapshot.server.computerName);
      if (name !== undefined && sameMachine(confirmed, { computerName: name, machineId: valueOf(snapshot.machineId) ?? '' })) return undefined;
      return { finding: 'cannot-tell', reason: `The run was confirmed for ${confirmed.computerName}, but ${name ?? 'a server that does not say its name'} answers now.` };
    },
    again: (_snapshot, confirmed) => (confirmed === undefined ? [] : [['machine', `${confirmed.computerName}|${confirmed.machineId}`]]),
  },
  {
    // The lock itself refuses another live run (lock.ts); on the server its entry is looked at once more.
    id: 'other-run',
    steps: mutating,
    check: () => undefined,
    again: (_snapshot, confirmed, run) => (confirmed === undefined ? [] : [['lock', run]]),
  },
  {
    id: 'rights',
    steps: mutating,
    check: ({ snapshot }) => {
      if (valueOf(snapshot.shell.elevated) === false) {
        return { finding: 'access-denied', reason: 'The session has no administrator rights on the server. Connect with an account whose token is elevated.' };
      }
      const mode = valueOf(snapshot.shell.languageMode);
      return mode === undefined || mode === 'FullLanguage' ? undefined
        : { finding: 'access-denied', reason: `PowerShell runs in ${mode} mode on this server, which does not allow what this step needs.` };
    },
  },
  {
    id: 'installed',
    steps: mutating,
    check: ({ snapshot }) => (valueOf(snapshot.service.exists) === false ? { finding: 'not-installed', reason: 'There is no service ADSync on this server.' } : undefined),
  },
  {
    id: 'build',
    steps: ['set-service-password'],
    check: ({ snapshot }) => {
      const build = valueOf(snapshot.installation.build);
      if (valueOf(snapshot.service.state) !== 'Running') return undefined;
      if (build === undefined) return { finding: 'cannot-tell', reason: `Which build runs could not be read, and on builds up to ${lastBuildOfOldKeys} a new password of the service account destroys the encryption key.` };
      if (compareBuilds(build, lastBuildOfOldKeys) > 0) return undefined;
      return { finding: 'build-too-old', reason: `Build ${build} still runs: on builds up to ${lastBuildOfOldKeys} a new password of the service account destroys the encryption key. Upgrade first.` };
    },
    again: (snapshot) => {
      const build = valueOf(snapshot.installation.build);
      return build !== undefined && compareBuilds(build, lastBuildOfOldKeys) > 0 ? [] : [['not-running', '']];
    },
  },
  {
    // An upgrade in the middle of a run makes another program of what was judged.
    id: 'same-build',
    steps: ['set-service-password', ...starting, 'abandon-key'],
    check: () => undefined,
    again: (snapshot) => {
      const build = valueOf(snapshot.installation.build);
      return build === undefined ? [] : [['build', build]];
    },
  },
  {
    id: 'account-kind',
    steps: ['set-service-password'],
    check: ({ snapshot }) => {
      const startName = valueOf(snapshot.service.startName);
      if (startName === undefined) return { finding: 'cannot-tell', reason: 'Which account ADSync runs as could not be read.' };
      const account = parseAccount(startName, valueOf(snapshot.server.computerName));
      if (account === undefined) return { finding: 'cannot-tell', reason: `'${startName}' is not an account name that can be understood.` };
      return hasPassword(account.kind) ? undefined
        : { finding: 'cannot-tell', reason: `${startName} is a ${accountKindNames[account.kind]}: nobody knows its password, and none may be set.` };
    },
  },
  {
    id: 'original-account',
    steps: [...starting, 'set-service-password', 'abandon-key', ...configuring],
    check: ({ findings }) => refuseOn(findings, ['account-replaced']),
    again: (snapshot) => {
      const startName = valueOf(snapshot.service.startName);
      return startName === undefined ? [] : [['account', startName]];
    },
  },
  {
    // A first start under another account can cost every stored secret; only a person can say that it is the right one.
    id: 'original-unproven',
    steps: ['start-service', 'set-service-password'],
    overridable: true,
    check: ({ snapshot }) => {
      if (valueOf(snapshot.service.state) === 'Running' || !recreatesKeys(snapshot)) return undefined;
      // There is no key that another account could fail to read; the service stays down for nothing.
      const abandoned = abandonment(snapshot);
      if (abandoned.state === 'done' && !startedSince(snapshot, abandoned.at)) return undefined;
      const original = originalAccount(snapshot, undefined);
      if (original.state !== 'unproven') return undefined;
      return { finding: 'cannot-tell', reason: `It is not proven that ${valueOf(snapshot.service.startName) ?? 'the Log On account'} is the account that ADSync was installed with: ${original.reason}. Started with another one, the service makes a new key, and every stored secret is lost.` };
    },
  },
  {
    id: 'start-mode',
    steps: starting,
    check: ({ snapshot }) => (valueOf(snapshot.service.startMode) !== 'Disabled' ? undefined
      : { finding: 'cannot-tell', reason: 'Somebody has disabled the service ADSync (event 7040 says when). Find out why, set its start type back to Automatic, then go on.' }),
    again: () => [['enabled', '']],
  },
  {
    id: 'domain-controller',
    steps: starting,
    check: ({ snapshot }) => {
      const { writable } = snapshot.domainController;
      if (domainOf(snapshot) === undefined || !recreatesKeys(snapshot) || valueOf(writable) === true) return undefined;
      if (!writable.known) return { finding: 'cannot-tell', reason: `Whether a writable domain controller answers is not known: ${whyMissing(writable)}. Without one the service could not read its key, would make a new one, and every stored connector secret would be lost.` };
      return {
        finding: 'key-unreadable-no-dc',
        reason: 'No writable domain controller answers. Started now, the service could not read its key, would make a new one, and every stored connector secret would be lost. Start it when one answers.',
      };
    },
    again: (snapshot) => {
      const domain = domainOf(snapshot);
      return domain === undefined || !recreatesKeys(snapshot) ? [] : [['controller', domain]];
    },
  },
  {
    id: 'synchronization-running',
    steps: stopping,
    check: ({ snapshot }) => {
      const busy = valueOf(snapshot.busy) ?? [];
      if (busy.length === 0 && valueOf(snapshot.scheduler.inProgress) !== true) return undefined;
      return { finding: 'cannot-tell', reason: `A synchronization is running${busy.length === 0 ? '' : ` (${busy.join(', ')})`}. Pause the scheduler and wait until it has ended.` };
    },
    again: (snapshot) => {
      const path = valueOf(snapshot.installation.path);
      return path === undefined ? [] : [['idle', path]];
    },
  },
  {
    id: 'database-size',
    steps: stopping,
    check: ({ snapshot, findings }) => (valueOf(snapshot.service.state) === 'Running' ? refuseOn(findings, ['database-nearly-full']) : undefined),
    again: (snapshot) => {
      const file = valueOf(snapshot.database.file);
      const path = valueOf(snapshot.installation.path);
      // A file keeps its size when room is made in it: where the service says how much is used, that is what counts.
      if (snapshot.database.usedMegabytes.known && path !== undefined && file !== undefined) return [['database-used', `${path}|${nearlyFullMegabytes}`]];
      return file === undefined ? [] : [['database', `${file}|${nearlyFullMegabytes}`]];
    },
  },
  {
    id: 'programs',
    steps: [...stopping, ...configuring],
    check: ({ snapshot, step }) => {
      const open = [
        ...(valueOf(snapshot.programs.wizardOpen) === true ? ['the Microsoft Entra Connect wizard (AzureADConnect)'] : []),
        // A person enters passwords in Synchronization Service Manager; only what stops the service needs it closed.
        ...(valueOf(snapshot.programs.serviceManagerOpen) === true && stopping.includes(step) ? ['Synchronization Service Manager (miisclient)'] : []),
      ];
      return open.length === 0 ? undefined : { finding: 'cannot-tell', reason: `On the server ${open.join(' and ')} is open. Close it first.` };
    },
    again: (_snapshot, _confirmed, _run, step) => [[stopping.includes(step) ? 'programs' : 'wizard', '']],
  },
  {
    id: 'application-authentication',
    steps: ['reinitialize-entra-account'],
    check: ({ snapshot }) => {
      const mode = valueOf(snapshot.authenticationMode);
      if (mode === 'Application') {
        return { finding: 'application-auth', reason: 'This server signs in to Entra as an application. Add-ADSyncAADServiceAccount would roll it back to password sign-in, so it is not offered.' };
      }
      const build = valueOf(snapshot.installation.build);
      if (mode === undefined && valueOf(snapshot.service.state) === 'Running' && (build === undefined || compareBuilds(build, firstBuildWithApplicationMode) >= 0)) {
        return { finding: 'cannot-tell', reason: 'Whether this server signs in to Entra with a password or as an application could not be read, and the wrong answer would roll it back.' };
      }
      return undefined;
    },
    again: (snapshot) => {
      const path = valueOf(snapshot.installation.path);
      return path === undefined ? [] : [['password-mode', path]];
    },
  },
  {
    id: 'key-recreated',
    steps: ['abandon-key'],
    check: ({ findings, plan, snapshot }) => {
      if (plan !== 'abandon-any-reason') {
        const other = refuseOn(findings, notTheKey);
        if (other !== undefined) return other;
        return findings.some((finding) => finding.id === 'key-lost') ? undefined
          : { finding: findings[0]?.id ?? 'cannot-tell', reason: 'The diagnosis of this moment does not say that the encryption key is lost, so it is not abandoned.' };
      }
      const isRunning = valueOf(snapshot.service.state) === 'Running';
      // Of a service that is down for a reason that nobody can tell, nobody can tell either that it comes up again without its secrets.
      const harm = refuseOn(findings, isRunning ? harmful : [...harmful, 'cannot-tell']);
      if (harm !== undefined || isRunning) return harm;
      // A service that runs reads its key; of one that does not, the account has to be proven.
      const original = originalAccount(snapshot, undefined);
      return original.state === 'proven' ? undefined
        : { finding: 'cannot-tell', reason: `The service does not run, and it is not proven that it logs on as its original account${original.state === 'unproven' ? `: ${original.reason}` : ''}. The key is not abandoned.` };
    },
  },
  {
    // It runs, so it reads its key; what of its runs or connectors cannot be told, a person may know.
    id: 'uncertain',
    steps: ['abandon-key'],
    overridable: true,
    check: ({ findings, plan, snapshot }) => (plan === 'abandon-any-reason' && valueOf(snapshot.service.state) === 'Running' ? refuseOn(findings, ['cannot-tell']) : undefined),
  },
  {
    // The restore path comes first; that there is none any more, only a person can know.
    id: 'restore-path',
    steps: ['abandon-key'],
    overridable: true,
    check: ({ findings, plan }) => (plan === 'abandon-any-reason' ? refuseOn(findings, ['database-restored']) : undefined),
  },
  {
    // While a controller answers, one more start may read the key; the diagnosis asks for it, and it has to hold to the end.
    id: 'way-back',
    steps: ['abandon-key'],
    check: () => undefined,
    again: (snapshot) => {
      const domain = domainOf(snapshot);
      return domain === undefined ? [] : [['controller', domain]];
    },
  },
  {
    // Whoever started it: a start, or a second abandonment, beside one that runs would meet a key that is half gone.
    id: 'utility',
    steps: ['abandon-key', ...starting],
    check: () => undefined,
    again: () => [['utility', '']],
  },
  {
    id: 'remote-database',
    steps: ['abandon-key'],
    check: ({ snapshot }) => {
      const server = valueOf(snapshot.database.server);
      if (server === undefined) return { finding: 'cannot-tell', reason: 'Where the database is could not be read from the registry.' };
      if (server.toLowerCase() !== '(localdb)') {
        return { finding: 'cannot-tell', reason: `The database is on ${server}: miiskmu.exe signs in there as whoever runs it, and neither this session nor a scheduled task can. Run it at the server's own console.` };
      }
      return valueOf(snapshot.database.processAlive) === false
        ? { finding: 'cannot-tell', reason: 'The database process does not run, so miiskmu.exe could not reach the database. One start attempt of ADSync brings it up for some minutes.' }
        : undefined;
    },
    again: () => [['database-process', '']],
  },
];

/** Every gate that forbids a step now; empty: none does. */
export function refusals(facts: GateFacts): readonly Refusal[] {
  return gates.flatMap((gate) => {
    if (!gate.steps.includes(facts.step)) return [];
    const refusal = gate.check(facts);
    return refusal === undefined ? [] : [{ gate: gate.id, overridable: gate.overridable === true, ...refusal }];
  });
}

/** Everything that the server has to check again while it acts for a step, one line each, as guard.ps1 reads them. */
export function checksAgain(step: StepId, snapshot: Snapshot, confirmed: MachineIdentity | undefined, run: string): readonly string[] {
  const checks = gates.flatMap((gate) => (gate.steps.includes(step) ? (gate.again?.(snapshot, confirmed, run, step) ?? []) : []));
  // A line break in a server's own name must not become a check of its own.
  return checks.map(([name, value]) => `${name}=${value.replace(/[\r\n]+/g, ' ')}`);
}

function refuseOn(findings: readonly Finding[], ids: readonly FindingId[]): Omit<Refusal, 'gate' | 'overridable'> | undefined {
  const finding = findings.find((candidate) => ids.includes(candidate.id));
  return finding === undefined ? undefined : { finding: finding.id, reason: `${finding.title}. ${finding.advice}` };
}

/** Whether this build makes a new key at a start that cannot read the old one; an unknown build may. */
function recreatesKeys(snapshot: Snapshot): boolean {
  const build = valueOf(snapshot.installation.build);
  return build === undefined || compareBuilds(build, firstBuildThatRecreatesKeys) >= 0;
}

/** The domain whose controllers hold the way back to the key; undefined for an account of the server itself. */
function domainOf(snapshot: Snapshot): string | undefined {
  const account = parseAccount(valueOf(snapshot.service.startName) ?? '', valueOf(snapshot.server.computerName));
  return account !== undefined && belongsToDomain(account.kind) ? account.domain : undefined;
}

import { accountKindNames, hasPassword, parseAccount } from './account.ts';
import { compareBuilds, firstBuildThatRecreatesKeys, firstBuildWithApplicationMode, lastBuildOfOldKeys } from './builds.ts';
import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import type { FindingId, PlanId, StepId } from './ids.ts';
import { sameMachine, type MachineIdentity } from './machine-pin.ts';
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
}

/** A condition that forbids steps, whoever asks: it cannot be clicked away. */
export interface Gate {
  readonly id: string;
  readonly steps: readonly StepId[];
  /** Says why the step is forbidden now; undefined: it is not. */
  readonly check: (facts: GateFacts) => Omit<Refusal, 'gate'> | undefined;
}

const mutating: readonly StepId[] = [
  'back-up-configuration', 'back-up-database', 'pause-scheduler', 'set-service-password', 'stop-service', 'abandon-key', 'start-service',
  'enter-connector-password', 'reinitialize-entra-account', 'restart-service', 'verify', 'restore-scheduler',
];
const stopping: readonly StepId[] = ['stop-service', 'restart-service', 'abandon-key'];
const starting: readonly StepId[] = ['start-service', 'restart-service'];

/** Findings that say where the fault lies instead; with one of them the key is never abandoned. */
const notTheKey: readonly FindingId[] = [
  'stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced', 'key-unreadable-no-dc', 'key-recreated',
  'database-broken', 'database-restored', 'database-nearly-full', 'cannot-tell', 'access-denied',
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
      if (build === undefined || compareBuilds(build, lastBuildOfOldKeys) > 0 || valueOf(snapshot.service.state) !== 'Running') return undefined;
      return { finding: 'build-too-old', reason: `Build ${build} still runs: on builds up to ${lastBuildOfOldKeys} a new password of the service account destroys the encryption key. Upgrade first.` };
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
    steps: [...starting, 'set-service-password'],
    check: ({ findings }) => refuseOn(findings, ['account-replaced']),
  },
  {
    id: 'domain-controller',
    steps: starting,
    check: ({ snapshot }) => {
      const build = valueOf(snapshot.installation.build);
      const account = parseAccount(valueOf(snapshot.service.startName) ?? '', valueOf(snapshot.server.computerName));
      if (account?.kind !== 'domain-user' && account?.kind !== 'managed') return undefined;
      if (build !== undefined && compareBuilds(build, firstBuildThatRecreatesKeys) < 0) return undefined;
      if (valueOf(snapshot.domainController.writable) !== false) return undefined;
      return {
        finding: 'key-unreadable-no-dc',
        reason: 'No writable domain controller answers. Started now, the service could not read its key, would make a new one, and every stored connector secret would be lost. Start it when one answers.',
      };
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
  },
  {
    id: 'database-size',
    steps: stopping,
    check: ({ snapshot, findings }) => (valueOf(snapshot.service.state) === 'Running' ? refuseOn(findings, ['database-nearly-full']) : undefined),
  },
  {
    id: 'programs',
    steps: stopping,
    check: ({ snapshot }) => {
      const open = [
        ...(valueOf(snapshot.programs.wizardOpen) === true ? ['the Microsoft Entra Connect wizard (AzureADConnect)'] : []),
        ...(valueOf(snapshot.programs.serviceManagerOpen) === true ? ['Synchronization Service Manager (miisclient)'] : []),
      ];
      return open.length === 0 ? undefined : { finding: 'cannot-tell', reason: `On the server ${open.join(' and ')} is open. Close it first.` };
    },
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
  },
  {
    id: 'key-recreated',
    steps: ['abandon-key'],
    check: ({ findings, plan }) => {
      const other = refuseOn(findings, plan === 'abandon-any-reason' ? ['key-recreated', 'account-replaced', 'database-broken', 'database-restored'] : notTheKey);
      if (other !== undefined || plan === 'abandon-any-reason') return other;
      if (findings.some((finding) => finding.id === 'key-lost')) return undefined;
      return { finding: findings[0]?.id ?? 'cannot-tell', reason: 'The diagnosis of this moment does not say that the encryption key is lost, so it is not abandoned.' };
    },
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
  },
];

/** Every gate that forbids a step now; empty: none does. */
export function refusals(facts: GateFacts): readonly Refusal[] {
  return gates.flatMap((gate) => {
    if (!gate.steps.includes(facts.step)) return [];
    const refusal = gate.check(facts);
    return refusal === undefined ? [] : [{ gate: gate.id, ...refusal }];
  });
}

function refuseOn(findings: readonly Finding[], ids: readonly FindingId[]): Omit<Refusal, 'gate'> | undefined {
  const finding = findings.find((candidate) => ids.includes(candidate.id));
  return finding === undefined ? undefined : { finding: finding.id, reason: `${finding.title}. ${finding.advice}` };
}

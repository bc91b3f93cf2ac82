import type { Fact } from './fact.ts';

/**
 * Everything that is read from one Connect server in one read-only round: plain data, nothing derived.
 * Times are UTC in ISO 8601, from the server's own clock. Made by takeSnapshot (src/connect/take-snapshot.ts).
 */
export interface Snapshot {
  readonly server: ServerFacts;
  readonly shell: ShellFacts;
  /** SyncMachineIdentifier of the installation: tells two servers of one name apart. */
  readonly machineId: Fact<string>;
  readonly service: ServiceFacts;
  readonly installation: InstallationFacts;
  readonly original: OriginalAccountFacts;
  readonly database: DatabaseFacts;
  readonly programs: { readonly wizardOpen: Fact<boolean>; readonly serviceManagerOpen: Fact<boolean> };
  readonly events: EventFacts;
  readonly domainController: { readonly writable: Fact<boolean>; readonly name: Fact<string> };
  readonly connectors: Fact<readonly Connector[]>;
  /** Names of the connectors with a run in progress; empty: idle. */
  readonly busy: Fact<readonly string[]>;
  /** The last runs of each connector, newest first. */
  readonly runs: Fact<readonly RunResult[]>;
  readonly scheduler: SchedulerFacts;
  /** An allow-list of Get-ADSyncGlobalSettings' parameters, by name. */
  readonly globalSettings: Fact<ReadonlyMap<string, string>>;
  readonly authenticationMode: Fact<'ServiceAccount' | 'Application'>;
  /** Our own values under HKLM:\SOFTWARE\EntraConnectRemediation. */
  readonly markers: Fact<readonly Marker[]>;
}

export interface ServerFacts {
  readonly computerName: Fact<string>;
  readonly domain: Fact<string>;
  readonly partOfDomain: Fact<boolean>;
  readonly osCaption: Fact<string>;
  readonly osVersion: Fact<string>;
  /** Win32_OperatingSystem.ProductType: 1 workstation, 2 domain controller, 3 server. */
  readonly productType: Fact<number>;
  readonly bootTime: Fact<string>;
  readonly clock: Fact<string>;
  /** The server's clock minus this machine's when it was read, in seconds. Shown only: nothing is concluded from it. */
  readonly clockSkew: Fact<number>;
  /** The account that the session runs as. */
  readonly userName: Fact<string>;
}

export interface ShellFacts {
  readonly languageMode: Fact<string>;
  readonly executionPolicy: Fact<string>;
  /** The session's token has high integrity. */
  readonly elevated: Fact<boolean>;
  /** Policies that record what is sent to the server. */
  readonly moduleLogging: Fact<boolean>;
  readonly scriptBlockLogging: Fact<boolean>;
  readonly transcription: Fact<boolean>;
}

/** Win32_Service of the service whose key name is ADSync. Codes are unsigned 32-bit. */
export interface ServiceFacts {
  readonly exists: Fact<boolean>;
  readonly displayName: Fact<string>;
  readonly startName: Fact<string>;
  readonly state: Fact<string>;
  readonly startMode: Fact<string>;
  readonly pathName: Fact<string>;
  readonly processId: Fact<number>;
  readonly exitCode: Fact<number>;
  readonly serviceSpecificExitCode: Fact<number>;
}

export interface InstallationFacts {
  /** Without a trailing backslash. */
  readonly path: Fact<string>;
  /** File version of miiserver.exe: four numbers. */
  readonly build: Fact<string>;
}

/** From where the original log-on account may be known (see src/connect/original-account.ts). */
export interface OriginalAccountFacts {
  /** Log On account of our own baseline, taken while the server was healthy, and the machine it was taken on. */
  readonly baseline: Fact<string>;
  readonly baselineMachineId: Fact<string>;
  /** Accounts with an explicit entry on the Data folder, and on the service's Parameters key. */
  readonly fileAccounts: Fact<readonly string[]>;
  readonly registryAccounts: Fact<readonly string[]>;
}

export interface DatabaseFacts {
  /** `(localdb)`, or the SQL server's name. */
  readonly server: Fact<string>;
  readonly instance: Fact<string>;
  readonly name: Fact<string>;
  readonly file: Fact<string>;
  readonly fileBytes: Fact<number>;
  /** The LocalDB process of this instance runs. */
  readonly processAlive: Fact<boolean>;
  /** Whose process that is, `DOMAIN\\user`: only where it is the one of the shared instance. */
  readonly processOwner: Fact<string>;
  readonly usedMegabytes: Fact<number>;
}

export interface SchedulerFacts {
  readonly syncCycleEnabled: Fact<boolean>;
  readonly stagingMode: Fact<boolean>;
  readonly suspended: Fact<boolean>;
  readonly inProgress: Fact<boolean>;
  readonly maintenanceEnabled: Fact<boolean>;
  /** True: Get-ADSyncScheduler answered, which needs a working Entra sign-in. Missing: the values are the local ones, and why. */
  readonly cloud: Fact<boolean>;
}

/** The sets of events that the script asks for, each with its own limit. */
export const eventBlocks = ['scm', 'states', 'key-new', 'abandonment', 'key', 'secrets', 'runs', 'service', 'database', 'directory', 'sign-in', 'account'] as const;
export type EventBlock = (typeof eventBlocks)[number];

export interface EventFacts {
  /** Newest first within each log; Service Control Manager's only where they are about ADSync. */
  readonly records: readonly EventRecord[];
  /** Blocks that could not be read. */
  readonly missing: ReadonlyMap<EventBlock, Fact<never>>;
  /** Blocks that reached their limit: older events of that kind exist but were not read. */
  readonly full: ReadonlySet<EventBlock>;
}

export interface EventRecord {
  readonly block: EventBlock;
  readonly log: string;
  readonly recordId: number;
  readonly time: string;
  readonly id: number;
  readonly level: number;
  readonly provider: string;
  /** The rendered text in the server's language: for people, never for decisions. */
  readonly message: string;
  /** The event's insertion values. */
  readonly data: readonly string[];
  /** The event's binary part, in hexadecimal. */
  readonly binary: string;
}

export interface Connector {
  readonly name: string;
  readonly identifier: string;
  readonly type: 'AD' | 'Entra' | 'other';
  readonly typeName: string;
  readonly forest: string;
  readonly loginDomain: string;
  readonly loginUser: string;
  /** The Entra Connector account's user name. */
  readonly userName: string;
}

export interface RunResult {
  readonly connector: string;
  readonly profile: string;
  /** `success`, `no-start-credentials`, …; empty while running. */
  readonly result: string;
  readonly start: string;
  readonly end: string;
  readonly complete: boolean;
}

/** The values of one of our registry keys; `path` is relative (`Abandon`, `Lock\GUID`, empty for the root). */
export interface Marker {
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
}

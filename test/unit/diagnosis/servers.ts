import { known, missing } from '../../../src/connect/fact.ts';
import type { Connector, EventBlock, EventRecord, RunResult, Snapshot } from '../../../src/connect/snapshot.ts';

/** An instant of the server's clock: minutes after its service last started well. */
export function at(minute: number): string {
  return new Date(Date.UTC(2026, 9, 5, 6, 0) + minute * 60_000).toISOString();
}

/** UTF-16 in hexadecimal, as the binary part of an event shows it. */
export function binaryOf(text: string): string {
  return Array.from(`${text}\0`, (c) => c.charCodeAt(0).toString(16).padStart(4, '0').replace(/(..)(..)/, '$2$1')).join('').toUpperCase();
}

export const displayName = 'Microsoft Entra ID Sync';

/** A Service Control Manager event; record ids grow with time. */
export function scm(id: number, minute: number, data: readonly string[], binary = ''): EventRecord {
  return { block: id === 7036 ? 'states' : 'scm', log: 'System', recordId: 10_000 + Math.round(minute * 10), time: at(minute), id, level: id === 7036 ? 4 : 2, provider: 'Service Control Manager', message: '', data, binary };
}

export const running = (minute: number): EventRecord => scm(7036, minute, [displayName, 'running'], binaryOf('ADSync/4'));
export const logonFailed = (minute: number, code: number, account = 'CONTOSO\\svc-adsync'): EventRecord[] => [
  scm(7000, minute + 0.1, [displayName, '%%1069'], binaryOf('ADSync')), scm(7038, minute, ['ADSync', account, `%%${code}`]),
];
export const ended = (minute: number, code = '%%2149781504'): EventRecord => scm(7024, minute, [displayName, code], binaryOf('ADSync'));

const blockOf = (id: number): EventBlock =>
  [6201, 6227, 6231].includes(id) ? 'key-new' : id === 6028 || (id >= 6202 && id <= 6226) ? 'key' : id >= 6600 && id <= 6603 ? 'secrets' : id < 3000 ? 'service' : [6073, 6323].includes(id) ? 'database' : 'runs';

/** An event of the sync engine; the first value is usually the connector's name. */
export function engine(id: number, minute: number, data: readonly string[] = [], message = ''): EventRecord {
  return { block: blockOf(id), log: 'Application', recordId: 50_000 + Math.round(minute * 10), time: at(minute), id, level: 2, provider: 'ADSync', message, data, binary: '' };
}

export function abandonBegan(minute: number): EventRecord {
  return { ...engine(1, minute), block: 'abandonment', provider: 'MIISKMU', level: 4 };
}

export function directory(id: number, minute: number, data: readonly string[] = [], message = ''): EventRecord {
  return { ...engine(id, minute, data, message), block: id === 906 ? 'sign-in' : 'directory', provider: 'Directory Synchronization' };
}

export const contoso: Connector = { name: 'contoso.example', identifier: '0f0f0f0f-0000-4000-8000-000000000001', type: 'AD', typeName: 'AD', forest: 'contoso.example', loginDomain: 'CONTOSO', loginUser: 'MSOL_1234', userName: '' };
export const europe: Connector = { ...contoso, name: 'eu.contoso.example', identifier: '0f0f0f0f-0000-4000-8000-000000000002', forest: 'eu.contoso.example', loginDomain: 'EU', loginUser: 'MSOL_5678' };
export const entra: Connector = { name: 'contoso.onmicrosoft.example - AAD', identifier: 'b891884f-051e-4a83-95af-2544101c9083', type: 'Entra', typeName: 'Extensible2', forest: '', loginDomain: '', loginUser: '', userName: 'Sync_SYNC1_0123456789ab@contoso.onmicrosoft.example' };

export function ran(connector: Connector, minute: number, result = 'success'): RunResult {
  return { connector: connector.name, profile: 'Delta Import', result, start: at(minute), end: at(minute + 1), complete: true };
}

/** A healthy server with two forests, a domain service account, a current build and a baseline. */
export function healthyServer(): Snapshot {
  return {
    server: {
      computerName: known('SYNC1'), domain: known('contoso.example'), partOfDomain: known(true), osCaption: known('Microsoft Windows Server 2022 Standard'), osVersion: known('10.0.20348'),
      productType: known(3), bootTime: known(at(-100)), clock: known(at(600)), clockSkew: missing('not-asked'), userName: known('contoso\\admin'),
    },
    shell: { languageMode: known('FullLanguage'), executionPolicy: known('RemoteSigned'), elevated: known(true), moduleLogging: known(false), scriptBlockLogging: known(false), transcription: known(false) },
    machineId: known('8c6f7e3a-1111-4222-8333-444455556666'),
    service: {
      exists: known(true), displayName: known(displayName), startName: known('CONTOSO\\svc-adsync'), state: known('Running'), startMode: known('Auto'),
      pathName: known('"C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiserver.exe"'), processId: known(1234), exitCode: known(0), serviceSpecificExitCode: known(0),
    },
    installation: { path: known('C:\\Program Files\\Microsoft Azure AD Sync'), build: known('2.6.84.0') },
    original: {
      baseline: known('contoso\\svc-adsync'), baselineMachineId: known('8C6F7E3A-1111-4222-8333-444455556666'),
      fileAccounts: known(['BUILTIN\\Administrators', 'CONTOSO\\svc-adsync']), registryAccounts: known(['NT AUTHORITY\\SYSTEM', 'CONTOSO\\svc-adsync']),
    },
    database: {
      server: known('(localdb)'), instance: known('.\\ADSync2019'), name: known('ADSync'), file: known('C:\\Program Files\\Microsoft Azure AD Sync\\Data\\ADSync2019\\ADSync.mdf'),
      fileBytes: known(700_000_000), processAlive: known(true), processOwner: known('CONTOSO\\svc-adsync'), usedMegabytes: known(650),
    },
    programs: { wizardOpen: known(false), serviceManagerOpen: known(false) },
    events: { records: ordered([running(0), engine(2001, 0.1)]), missing: new Map(), full: new Set() },
    domainController: { writable: known(true), name: known('DC1.contoso.example') },
    connectors: known([contoso, europe, entra]),
    busy: known([]),
    runs: known([contoso, europe, entra].map((connector) => ran(connector, 590))),
    scheduler: { syncCycleEnabled: known(true), stagingMode: known(false), suspended: known(false), inProgress: known(false), maintenanceEnabled: known(true), cloud: known(true) },
    globalSettings: known(new Map()),
    authenticationMode: known('ServiceAccount'),
    markers: known([]),
  };
}

export function ordered(records: readonly EventRecord[]): readonly EventRecord[] {
  return [...records].sort((a, b) => (a.log === b.log ? b.recordId - a.recordId : a.log < b.log ? 1 : -1));
}

/** The same server with further events. */
export function withEvents(server: Snapshot, ...records: readonly EventRecord[]): Snapshot {
  return { ...server, events: { ...server.events, records: ordered([...server.events.records, ...records]) } };
}

/** Stopped: what only the running service can tell is missing. Codes as Win32_Service gives them. */
export function stopped(server: Snapshot, exitCode = 0, specific = 0): Snapshot {
  const gone = missing('service-stopped');
  return {
    ...server,
    service: { ...server.service, state: known('Stopped'), processId: known(0), exitCode: known(exitCode), serviceSpecificExitCode: known(specific) },
    database: { ...server.database, processAlive: known(false), processOwner: missing('not-found'), usedMegabytes: gone },
    connectors: gone, busy: gone, runs: gone, globalSettings: gone, authenticationMode: gone,
    scheduler: { syncCycleEnabled: gone, stagingMode: gone, suspended: gone, inProgress: gone, maintenanceEnabled: gone, cloud: gone },
  };
}

export const keyCode = 0x80231000;

/** The key is lost on a current build: Windows' code, 7024, and the engine's own events. */
export function keyLostServer(): Snapshot {
  return withEvents(stopped(healthyServer(), 1066, keyCode), ended(500), engine(6208, 499.9));
}

export function staleServer(): Snapshot {
  return withEvents(stopped(healthyServer(), 1069), ...logonFailed(500, 1326));
}

export function logsOnAs(server: Snapshot, startName: string, proof: 'baseline' | 'acl' | 'none' = 'baseline'): Snapshot {
  const list = proof === 'acl' ? known([startName.replace(/^\./, 'SYNC1'), 'BUILTIN\\Administrators']) : known(['BUILTIN\\Administrators']);
  return {
    ...server, service: { ...server.service, startName: known(startName) },
    original: { ...server.original, baseline: proof === 'baseline' ? known(startName) : missing('not-found'), fileAccounts: list, registryAccounts: list },
  };
}

export function marked(server: Snapshot, values: Readonly<Record<string, string>>): Snapshot {
  return { ...server, markers: known([{ path: 'Abandon', values: new Map(Object.entries(values)) }]) };
}

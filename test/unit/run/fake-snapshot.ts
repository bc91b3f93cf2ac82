import type { PSValue } from '../../../src/session.ts';
import type { FakeServer } from './fake-server.ts';
import { object } from './fake-session.ts';

const path = 'C:\\Program Files\\Microsoft Azure AD Sync';
const blocks = ['scm', 'states', 'key-new', 'abandonment', 'key', 'secrets', 'runs', 'service', 'database', 'directory', 'sign-in', 'account'];

function utf16Hex(text: string): string {
  return Array.from(text, (c) => c.charCodeAt(0).toString(16).padStart(4, '0').replace(/(..)(..)/, '$2$1')).join('').toUpperCase();
}

/** What snapshot.ps1 would emit for this server: one record a fact, lists as columns. */
export function snapshotRecords(s: FakeServer): readonly PSValue[] {
  const running = s.state === 'Running';
  const value = (fact: string, v: PSValue): PSValue => object({ fact, value: v, ms: 1 });
  const rows = (fact: string, columns: Readonly<Record<string, readonly PSValue[]>>): PSValue => object({ fact, ms: 1, ...columns });
  // Get-ADSyncScheduler signs in to Entra with the stored secret.
  const cloud = (fact: string, v: PSValue): PSValue => online(s.signsIn() ? value(fact, v) : object({ fact, missing: 'failed', detail: 'There was an issue obtaining cloud sync intervals.', ms: 1 }), fact);
  const online = (record: PSValue, fact: string): PSValue => (running ? record : object({ fact, missing: 'service-stopped', detail: '', ms: 1 }));
  const markers: [string, string, string][] = [
    ...Object.entries(s.marker ?? {}).map(([name, v]): [string, string, string] => ['Abandon', name.charAt(0).toUpperCase() + name.slice(1), v]),
    ...(s.claim === undefined ? [] : [['Claim', 'Text', `${s.claim.run}|${s.claim.intent}|${s.claim.applicationRecord}`] as [string, string, string]]),
    ...[...s.runRecords].flatMap(([id, values]) => Object.entries(values).map(([name, v]): [string, string, string] => [`Runs\\${id}`, name, v])),
    ...[...s.locks].flatMap(([id, values]) => Object.entries(values).map(([name, v]): [string, string, string] => [`Lock\\${id}`, name.charAt(0).toUpperCase() + name.slice(1), v])),
    ...(s.before === '' ? [] : [['', 'SchedulerBefore', s.before] as [string, string, string]]),
  ];
  return [
    value('server.computerName', s.computerName), value('server.domain', 'contoso.example'), value('server.partOfDomain', true), value('server.osCaption', 'Windows Server'),
    value('server.osVersion', '10.0'), value('server.productType', 3), value('server.bootTime', '2026-10-01T00:00:00.0000000Z'), value('server.clock', new Date(s.clock.time).toISOString()), value('server.userName', 'contoso\\admin'),
    value('shell.languageMode', 'FullLanguage'), value('shell.executionPolicy', 'RemoteSigned'), value('shell.elevated', s.elevated), value('shell.moduleLogging', false), value('shell.scriptBlockLogging', false), value('shell.transcription', false),
    value('machineId', s.machineId),
    value('service.exists', true), value('service.displayName', 'Microsoft Entra ID Sync'), value('service.startName', s.startName), value('service.state', s.state), value('service.startMode', s.startMode),
    value('service.pathName', `"${path}\\Bin\\miiserver.exe"`), value('service.processId', running ? 1234 : 0), value('service.exitCode', BigInt(s.exitCode)), value('service.serviceSpecificExitCode', BigInt(s.specificCode)),
    value('installation.path', path), value('installation.build', s.build),
    s.proven ? value('original.baseline', s.originalAccount) : object({ fact: 'original.baseline', missing: 'not-found', detail: '', ms: 1 }), value('original.baselineMachineId', s.machineId), rows('original.fileAccounts', { account: [] }), rows('original.registryAccounts', { account: [] }),
    value('database.server', s.remoteSql ? 'SQL1' : '(localdb)'), value('database.instance', s.remoteSql ? '' : '.\\ADSync2019'), value('database.name', 'ADSync'),
    s.remoteSql ? object({ fact: 'database.file', missing: 'not-asked', ms: 1 }) : value('database.file', `${path}\\Data\\ADSync2019\\ADSync.mdf`),
    value('database.fileBytes', BigInt(s.databaseBytes)), value('database.processAlive', s.databaseAlive), s.databaseOwner === '' ? object({ fact: 'database.processOwner', missing: 'not-found', detail: '', ms: 1 }) : value('database.processOwner', s.databaseOwner), online(value('database.usedMegabytes', Math.round(s.databaseBytes / 1_048_576)), 'database.usedMegabytes'),
    value('programs.wizardOpen', s.wizardOpen), value('programs.serviceManagerOpen', s.serviceManagerOpen), value('domainController.exitCode', s.controllerUnknown ? 5 : s.writableController ? 0 : 1355), value('domainController.name', 'DC1'),
    online(rows('connectors', {
      name: s.connectors.map((c) => c.name), identifier: s.connectors.map((c, i) => (c.type === 'Entra' ? 'b891884f-051e-4a83-95af-2544101c9083' : `0f0f0f0f-0000-4000-8000-00000000000${i}`)),
      typeName: s.connectors.map((c) => (c.type === 'AD' ? 'AD' : 'Extensible2')), subtype: s.connectors.map(() => ''), forest: s.connectors.map((c) => c.name),
      loginDomain: s.connectors.map(() => 'CONTOSO'), loginUser: s.connectors.map(() => 'MSOL_1'), userName: s.connectors.map(() => ''),
    }), 'connectors'),
    online(rows('busy', { connector: s.busyReadings > 0 ? ['contoso.example'] : [] }), 'busy'),
    online(rows('runs', {
      connector: s.runs.map((r) => r.connector), profile: s.runs.map((r) => r.profile), result: s.runs.map((r) => r.result),
      start: s.runs.map((r) => r.start), end: s.runs.map((r) => r.start), complete: s.runs.map(() => true),
    }), 'runs'),
    cloud('scheduler.syncCycleEnabled', s.enabled), cloud('scheduler.stagingMode', s.staging), cloud('scheduler.suspended', false),
    cloud('scheduler.inProgress', s.busyReadings > 0), cloud('scheduler.maintenanceEnabled', true),
    online(rows('globalSettings', { name: ['Microsoft.Synchronize.SynchronizationSchedule', 'Microsoft.Synchronize.StagingMode'], value: [s.enabled ? 'True' : 'False', s.staging ? 'True' : 'False'] }), 'globalSettings'),
    online(value('authenticationMode', s.applicationMode ? 'Application' : 'ServiceAccount'), 'authenticationMode'),
    rows('markers', { path: markers.map((m) => m[0]), name: markers.map((m) => m[1]), value: markers.map((m) => m[2]) }),
    ...blocks.map((block) => {
      const events = s.events.filter((event) => event.block === block);
      return object({
        fact: 'events', block, log: block === 'account' ? 'Security' : block === 'scm' || block === 'states' ? 'System' : 'Application', complete: true, ms: 1,
        recordId: events.map((e) => BigInt(e.recordId)), time: events.map((e) => e.time), id: events.map((e) => e.id), level: events.map(() => 2), provider: events.map((e) => e.provider),
        message: events.map(() => ''), data: events.map((e) => e.data.join('\u001f')), binary: events.map((e) => (e.id === 7036 ? utf16Hex('ADSync/4') : e.block === 'scm' ? utf16Hex('ADSync\0') : '')),
      });
    }),
  ];
}

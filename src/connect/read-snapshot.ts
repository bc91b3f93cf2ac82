import type { PSValue, StreamRecord } from '../session.ts';
import { known, mapFact, missing, valueOf, type Fact } from './fact.ts';
import { eventBlocks, type Connector, type EventBlock, type EventFacts, type EventRecord, type Marker, type RunResult, type SchedulerFacts, type Snapshot } from './snapshot.ts';
import { FactRecords, asInteger, asText, missingFrom, readRows } from './snapshot-records.ts';

/** The Entra connector's fixed identifier (Microsoft's reference of the ADSync module). */
const entraConnector = 'b891884f-051e-4a83-95af-2544101c9083';
/** Separates an event's insertion values in a column. */
const unit = '\u001f';

/** A snapshot from what snapshot.ps1 emitted. `absent` says why facts that never came are missing. Never throws. */
export function readSnapshot(records: Iterable<StreamRecord>, absent: Fact<never> = missing('failed', 'The server never answered this.')): Snapshot {
  const facts = new FactRecords(records, ['events'], absent);
  const globalSettings = readSettings(facts);
  return {
    server: {
      computerName: facts.text('server.computerName'), domain: facts.text('server.domain'), partOfDomain: facts.flag('server.partOfDomain'),
      osCaption: facts.text('server.osCaption'), osVersion: facts.text('server.osVersion'), productType: facts.integer('server.productType'),
      bootTime: instant(facts.text('server.bootTime')), clock: instant(facts.text('server.clock')), clockSkew: missing('not-asked'), userName: facts.text('server.userName'),
    },
    shell: {
      languageMode: facts.text('shell.languageMode'), executionPolicy: facts.text('shell.executionPolicy'), elevated: facts.flag('shell.elevated'),
      moduleLogging: facts.flag('shell.moduleLogging'), scriptBlockLogging: facts.flag('shell.scriptBlockLogging'), transcription: facts.flag('shell.transcription'),
    },
    machineId: facts.text('machineId'),
    service: {
      exists: facts.flag('service.exists'), displayName: facts.text('service.displayName'), startName: facts.text('service.startName'), state: facts.text('service.state'),
      startMode: facts.text('service.startMode'), pathName: facts.text('service.pathName'), processId: facts.integer('service.processId'),
      exitCode: unsigned(facts.integer('service.exitCode')), serviceSpecificExitCode: unsigned(facts.integer('service.serviceSpecificExitCode')),
    },
    installation: { path: facts.text('installation.path'), build: mapFact(facts.text('installation.build'), (text) => /\d+\.\d+\.\d+\.\d+/.exec(text)?.[0]) },
    original: {
      baseline: facts.text('original.baseline'), baselineMachineId: facts.text('original.baselineMachineId'),
      fileAccounts: accounts(facts, 'original.fileAccounts'), registryAccounts: accounts(facts, 'original.registryAccounts'),
    },
    database: {
      server: facts.text('database.server'), instance: facts.text('database.instance'), name: facts.text('database.name'), file: facts.text('database.file'),
      fileBytes: facts.integer('database.fileBytes'), processAlive: facts.flag('database.processAlive'), processOwner: facts.text('database.processOwner'), usedMegabytes: facts.integer('database.usedMegabytes'),
    },
    programs: { wizardOpen: facts.flag('programs.wizardOpen'), serviceManagerOpen: facts.flag('programs.serviceManagerOpen') },
    events: readEvents(facts, absent),
    domainController: { writable: readController(facts.integer('domainController.exitCode')), name: facts.text('domainController.name') },
    connectors: facts.rows('connectors', ['name', 'identifier', 'typeName', 'subtype', 'forest', 'loginDomain', 'loginUser', 'userName'], readConnector),
    busy: facts.rows('busy', ['connector'], (cell) => asText(cell('connector'))),
    runs: mapFact(facts.rows('runs', ['connector', 'profile', 'result', 'start', 'end', 'complete'], readRun), (runs) => [...runs].sort((a, b) => (a.start < b.start ? 1 : -1))),
    scheduler: readScheduler(facts, globalSettings),
    globalSettings,
    authenticationMode: readMode(facts.text('authenticationMode')),
    markers: readMarkers(facts),
  };
}

function instant(fact: Fact<string>): Fact<string> {
  return mapFact(fact, (text) => (isInstant(text) ? text : undefined));
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function unsigned(fact: Fact<number>): Fact<number> {
  return mapFact(fact, (code) => (code >= -0x80000000 && code <= 0xffffffff ? code >>> 0 : undefined));
}

function accounts(facts: FactRecords, name: string): Fact<readonly string[]> {
  return facts.rows(name, ['account'], (cell) => asText(cell('account')));
}

/** nltest's exit codes: 0 found; 1355, 1311, 1722, 1717, 1726, 1787–1789 and 121 say that none answers; anything else (access denied) says nothing. */
function readController(exitCode: Fact<number>): Fact<boolean> {
  if (!exitCode.known) return exitCode;
  if (exitCode.value === 0) return known(true);
  if ([121, 1311, 1355, 1717, 1722, 1726, 1787, 1788, 1789].includes(exitCode.value)) return known(false);
  return missing('failed', `nltest.exe ended with ${exitCode.value}`);
}

function readMode(text: Fact<string>): Fact<'ServiceAccount' | 'Application'> {
  return mapFact(text, (mode) => (mode === 'ServiceAccount' || mode === 'Application' ? mode : undefined));
}

function readConnector(cell: (column: string) => PSValue): Connector | undefined {
  const text = (column: string): string => asText(cell(column)) ?? '';
  const name = text('name');
  if (name === '') return undefined;
  const [identifier, typeName] = [text('identifier').toLowerCase().replace(/[{}]/g, ''), text('typeName')];
  return {
    name, identifier, typeName,
    type: identifier === entraConnector ? 'Entra' : typeName === 'AD' ? 'AD' : 'other',
    forest: text('forest'), loginDomain: text('loginDomain'), loginUser: text('loginUser'), userName: text('userName'),
  };
}

function readRun(cell: (column: string) => PSValue): RunResult | undefined {
  const text = (column: string): string => asText(cell(column)) ?? '';
  const [start, end] = [text('start'), text('end')];
  if (text('connector') === '' || !isInstant(start)) return undefined;
  return { connector: text('connector'), profile: text('profile'), result: text('result'), start, end: isInstant(end) ? end : '', complete: cell('complete') === true };
}

function readSettings(facts: FactRecords): Fact<ReadonlyMap<string, string>> {
  const rows = facts.rows('globalSettings', ['name', 'value'], (cell): [string, string] | undefined => {
    const [name, value] = [asText(cell('name')), asText(cell('value'))];
    return name === undefined || value === undefined ? undefined : [name, value];
  });
  return mapFact(rows, (entries) => new Map(entries));
}

/** What Get-ADSyncScheduler said; where it failed (it signs in to the cloud), the same settings as the server keeps them itself. */
function readScheduler(facts: FactRecords, settings: Fact<ReadonlyMap<string, string>>): SchedulerFacts {
  const enabled = facts.flag('scheduler.syncCycleEnabled');
  const local = (name: string, cloud: Fact<boolean>): Fact<boolean> => {
    const text = valueOf(settings)?.get(`Microsoft.Synchronize.${name}`)?.toLowerCase();
    if (cloud.known || (text !== 'true' && text !== 'false')) return cloud;
    return known(text === 'true');
  };
  return {
    syncCycleEnabled: local('SynchronizationSchedule', enabled),
    stagingMode: local('StagingMode', facts.flag('scheduler.stagingMode')),
    suspended: local('SchedulerSuspended', facts.flag('scheduler.suspended')),
    maintenanceEnabled: local('MaintenanceEnabled', facts.flag('scheduler.maintenanceEnabled')),
    inProgress: facts.flag('scheduler.inProgress'),
    cloud: enabled.known ? known(true) : enabled,
  };
}

function readMarkers(facts: FactRecords): Fact<readonly Marker[]> {
  const rows = facts.rows('markers', ['path', 'name', 'value'], (cell) => {
    const [path, name, value] = [asText(cell('path')), asText(cell('name')), asText(cell('value'))];
    return path === undefined || name === undefined || value === undefined ? undefined : { path, name, value };
  });
  return mapFact(rows, (values) => {
    const markers = new Map<string, Map<string, string>>();
    for (const { path, name, value } of values) {
      const marker = markers.get(path) ?? new Map<string, string>();
      markers.set(path, marker.set(name, value));
    }
    return [...markers].map(([path, entries]) => ({ path, values: entries }));
  });
}

function readEvents(facts: FactRecords, absent: Fact<never>): EventFacts {
  const blocks = new Map<EventBlock, Fact<readonly EventRecord[]>>();
  const full = new Set<EventBlock>();
  for (const part of facts.parts('events')) {
    const block = eventBlocks.find((name) => name === part['block']);
    if (block === undefined) continue;
    if (part['complete'] === false) full.add(block);
    const log = asText(part['log']) ?? '';
    const read = missingFrom(part) ?? readRows(part, ['recordId', 'time', 'id', 'level', 'provider', 'message', 'data', 'binary'], (cell) => readEvent(block, log, cell));
    blocks.set(block, blocks.has(block) ? missing('bad-answer', 'The server sent these events twice.') : read);
  }
  const records: EventRecord[] = [];
  const gaps = new Map<EventBlock, Fact<never>>();
  for (const name of eventBlocks) {
    const block = blocks.get(name) ?? absent;
    if (block.known) records.push(...block.value);
    else gaps.set(name, block);
  }
  return { records: records.sort((a, b) => (a.log === b.log ? b.recordId - a.recordId : a.log < b.log ? 1 : -1)), missing: gaps, full };
}

function readEvent(block: EventBlock, log: string, cell: (column: string) => PSValue): EventRecord | undefined {
  const [recordId, id, level] = [asInteger(cell('recordId')), asInteger(cell('id')), asInteger(cell('level'))];
  const [time, provider] = [asText(cell('time')), asText(cell('provider'))];
  if (recordId === undefined || id === undefined || level === undefined || time === undefined || provider === undefined || !isInstant(time)) return undefined;
  const data = asText(cell('data')) ?? '';
  return { block, log, recordId, time, id, level, provider, message: asText(cell('message')) ?? '', data: data === '' ? [] : data.split(unit), binary: asText(cell('binary')) ?? '' };
}

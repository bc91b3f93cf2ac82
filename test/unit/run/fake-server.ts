import type { ConnectServer } from '../../../src/connect/server.ts';
import type { PSValue, PowerShellSession, SecureString, StreamRecord } from '../../../src/session.ts';
import type { FakeClock } from './fake-clock.ts';
import { checkGuard } from './fake-guard.ts';
import { FakeSession, ScriptError, lost, object, type Parameters } from './fake-session.ts';
import { snapshotRecords } from './fake-snapshot.ts';

export interface FakeEvent {
  readonly log: 'System' | 'Application' | 'Security';
  readonly block: string;
  readonly recordId: number;
  readonly time: string;
  readonly id: number;
  readonly provider: string;
  readonly data: readonly string[];
}

export interface FakeConnector {
  readonly name: string;
  readonly type: 'AD' | 'Entra';
  good: boolean;
}

const path = 'C:\\Program Files\\Microsoft Azure AD Sync';

/** A Connect server in memory: just enough state for a run to be right or wrong about. */
export class FakeServer implements ConnectServer {
  readonly name = 'practice';
  claims: ConnectServer['claims'] = {};
  computerName = 'SYNC1';
  machineId = '8c6f7e3a-1111-4222-8333-444455556666';
  build = '2.5.190.0';
  startName = 'CONTOSO\\svc-adsync';
  originalAccount = 'CONTOSO\\svc-adsync';
  state = 'Running';
  exitCode = 0;
  specificCode = 0;
  accountPassword = 'new-Passw0rd';
  scmPassword = 'new-Passw0rd';
  /**
   * `readable`, `lost` (start fails with 0x80231000), `lost-recreates` (start makes a new one), `none` (after an abandonment),
   * `unreadable` (of a domain account, after a reset: readable again while a writable domain controller answers).
   */
  key: 'readable' | 'lost' | 'lost-recreates' | 'none' | 'unreadable' = 'readable';
  /** Win32 code with which every logon of the account fails, whatever the password; 0: none. */
  logonCode = 0;
  failedLogons = 0;
  /** Failed logons after which the account is locked (1909). */
  lockoutAfter = 100;
  database: 'healthy' | 'broken' | 'restored' = 'healthy';
  /** Milliseconds for which LocalDB outlives the service. */
  databaseLinger = Number.POSITIVE_INFINITY;
  /** Starts of the service that made a new key and so dropped secrets that a key could still read. */
  secretsDropped = 0;
  connectors: FakeConnector[] = [{ name: 'contoso.example', type: 'AD', good: true }, { name: 'contoso - AAD', type: 'Entra', good: true }];
  applicationMode = false;
  elevated = true;
  writableController = true;
  /** nltest is refused: whether a controller answers cannot be told. */
  controllerUnknown = false;
  databaseBytes = 500_000_000;
  databaseAlive = true;
  sqlcmd: 'works' | 'absent' | 'fails' = 'works';
  remoteSql = false;
  serviceManagerOpen = false;
  wizardOpen = false;
  startMode: 'Auto' | 'Disabled' = 'Auto';
  /** Where the original account shows: in the baseline, or nowhere. */
  proven = true;
  /** Whose the database process is, where that can be read; empty: it cannot. */
  databaseOwner = '';
  staging = false;
  enabled = true;
  before = '';
  /** Readings during which a synchronization still runs. */
  busyReadings = 0;
  events: FakeEvent[] = [];
  /** Whose entry was held last. */
  lastHeld = '';
  locks = new Map<string, Record<string, string>>();
  /** What is kept of runs: by run, name and value. */
  runRecords = new Map<string, Record<string, string>>();
  marker: Record<string, string> | undefined;
  approvals = new Map<string, Record<string, string>>();
  taskState = '';
  /** Whose claim to abandon the key is on the server, and the intent it names. */
  claim: { run: string; intent: string; applicationRecord: string } | undefined;
  /** miiskmu.exe runs, whoever started it. */
  utilityAlive = false;
  /** Readings until the task has ended, and how: its exit code, a refusal, or nothing recorded. */
  taskReadings = 2;
  taskEnds: { exitCode: string } | { refusal: string } | 'dies' = { exitCode: '0' };
  abandonedCount = 0;
  /** What the key was each time that it was abandoned. */
  readonly abandoned: string[] = [];
  startAttempts = 0;
  stops = 0;
  cycles = 0;
  baseline: string | undefined;
  runs: { connector: string; profile: string; result: string; history: string; start: string }[] = [];
  entraAccepts = true;
  folderRefused = false;
  /** What comes beside every script's output. */
  says: readonly StreamRecord[] = [];
  readonly calls: string[] = [];
  /** What each acting script was told to check again. */
  readonly guards: string[] = [];
  /** Every parameter that ever arrived, except secrets, as text. */
  readonly seenText: string[] = [];
  /** Called before each script; may change the state or throw. */
  before_: (script: string, count: number) => void = () => undefined;
  /** The script that is cut in two: what it does first happens, the rest does not, and its process is gone. */
  half: string | undefined;
  /** Readings until a service that is starting or stopping has done so. */
  pending: { to: 'start' | 'stop'; readings: number } | undefined;
  launches = 0;
  /** Called after each script has had its effect; may throw a lost connection. */
  after: (script: string, count: number) => void = () => undefined;
  sessions = 0;
  readonly clock: FakeClock;
  #session: FakeSession | undefined;
  #record = 100;
  #counts = new Map<string, number>();

  constructor(clock: FakeClock) {
    this.clock = clock;
    this.event('System', 'states', 7036, 'Service Control Manager', ['Microsoft Entra ID Sync', 'running'], -3_600_000);
  }

  session(): Promise<PowerShellSession> {
    if (this.#session?.alive === true) return Promise.resolve(this.#session);
    return this.renew();
  }

  renew(): Promise<PowerShellSession> {
    this.sessions++;
    this.#session = new FakeSession((script, parameters) => this.handle(script, parameters), () => this.says);
    return Promise.resolve(this.#session);
  }

  event(log: FakeEvent['log'], block: string, id: number, provider: string, data: readonly string[] = [], offset = 0): void {
    this.events.unshift({ log, block, recordId: ++this.#record, time: new Date(this.clock.time + offset).toISOString(), id, provider, data });
  }

  /** Whether the Entra connector signs in with what it has stored. */
  signsIn(): boolean {
    return this.applicationMode || (this.entraAccepts && this.connectors.every((one) => one.type !== 'Entra' || one.good));
  }

  /** What a person does in Synchronization Service Manager. */
  enterPassword(connector: string, good = true): void {
    const entry = this.connectors.find((one) => one.name === connector);
    if (entry === undefined || this.state !== 'Running') throw new Error('Not possible now.');
    entry.good = good;
    this.event('Application', 'secrets', 6603, 'ADSync', [connector]);
  }

  loseKey(recreates = false): void {
    this.key = recreates ? 'lost-recreates' : 'lost';
    this.state = 'Stopped';
    this.exitCode = 1066;
    this.specificCode = 0x80231000;
    this.event('System', 'scm', 7024, 'Service Control Manager', ['Microsoft Entra ID Sync', '%%2149781504']);
    this.event('Application', 'key', 6208, 'ADSync');
  }

  wrongScmPassword(): void {
    this.scmPassword = 'old-Passw0rd';
    this.state = 'Stopped';
    this.exitCode = 1069;
    this.#logonFailure();
  }

  /** What happens when a script arrives, from whichever client. */
  async handle(script: string, parameters: Parameters): Promise<readonly PSValue[]> {
    const count = (this.#counts.get(script) ?? 0) + 1;
    this.#counts.set(script, count);
    this.calls.push(script);
    for (const [name, value] of Object.entries(parameters)) if (typeof value === 'string') this.seenText.push(`${name}=${value}`);
    this.clock.time += 10;
    this.before_(script, count);
    if (typeof parameters['Guard'] === 'string') {
      this.guards.push(`${script}: ${parameters['Guard'].replaceAll('\n', ' ')}`);
      checkGuard(this, parameters['Guard']);
    }
    if (this.half === script) {
      this.half = undefined;
      this.#firstPart(script, parameters);
      throw lost();
    }
    const answer = this.#answer(script, parameters);
    this.after(script, count);
    return Promise.resolve(answer);
  }

  #answer(script: string, p: Parameters): readonly PSValue[] {
    const text = (name: string): string => (typeof p[name] === 'string' ? p[name] : '');
    const now = new Date(this.clock.time).toISOString();
    const boot = '2026-10-01T00:00:00.0000000Z';
    switch (script) {
      case 'snapshot': this.#settle(); return snapshotRecords(this);
      case 'lock-write': {
        const entry = this.locks.get(text('Id').toLowerCase());
        const id = text('Id').toLowerCase();
        const isHeld = entry?.['state'] === 'held';
        const lost = text('State') === 'held' && entry !== undefined && this.lastHeld !== '' && this.lastHeld !== id && (isHeld || this.lastHeld !== entry['seen']);
        if (!lost && (text('State') !== 'held' || entry !== undefined)) {
          if (text('State') === 'held') this.lastHeld = id;
          this.locks.set(id, { who: text('Who'), host: text('FromHost'), run: text('Run'), state: text('State'), created: entry?.['created'] ?? now, heartbeat: now, leaseSeconds: plain(p['LeaseSeconds']), bootTime: boot, takenBy: entry?.['takenBy'] ?? '', seen: text('State') === 'held' ? entry?.['seen'] ?? '' : this.lastHeld });
        }
        if (lost) return [...this.locks].map(([one, values]) => object({ id: one, ...values, ...(one === id ? { takenBy: this.lastHeld } : {}), now, serverBootTime: boot }));
        return [...this.locks].map(([id, values]) => object({ id, ...values, now, serverBootTime: boot }));
      }
      case 'lock-release': this.locks.delete(text('Id').toLowerCase()); return [object({ released: true })];
      case 'lock-take-over': {
        const entry = this.locks.get(text('Id').toLowerCase());
        if (entry !== undefined) entry['takenBy'] = text('By');
        return [object({ taken: entry !== undefined })];
      }
      case 'begin-run': case 'record-step': {
        const run = text('Run').toLowerCase();
        if (script === 'record-step' && !this.runRecords.has(run)) throw new ScriptError('The record of this run on the server is gone.');
        const values = this.runRecords.get(run) ?? { Started: now };
        if (script === 'record-step' && values['Entry'] !== text('Entry')) throw new ScriptError('Another client goes on with this run; its record is theirs now.');
        if (script === 'record-step' && this.lastHeld !== '' && this.lastHeld !== text('Entry').toLowerCase()) throw new ScriptError('Another client has held the lock of this server since.');
        const [names, texts] = [p['Name'], p['Value']] as readonly (readonly string[])[];
        names?.forEach((name, i) => { values[name] = texts?.[i] ?? ''; });
        if (p['Work'] === true) values['Updated'] = now;
        this.runRecords.set(run, values);
        return [object({ recorded: true })];
      }
      case 'read-service': this.#settle(); return [object({ state: this.state, startName: this.startName, processId: 1, exitCode: BigInt(this.exitCode), serviceSpecificExitCode: BigInt(this.specificCode), processAlive: this.state === 'Running' || this.state === 'Stop Pending', applicationRecord: BigInt(this.#record), clock: now })];
      case 'set-service-password':
        if (text('StartName') !== this.startName) throw new ScriptError('Another account.');
        this.scmPassword = (p['Password'] as SecureString).reveal();
        return [object({ returnValue: 0, startName: this.startName })];
      case 'start-service': return [object({ returnValue: this.#start(), state: this.state })];
      case 'stop-service': this.stops++; this.#stopped(0, 0); return [object({ returnValue: 0, state: 'Stopped' })];
      case 'protect-folder':
        if (this.folderRefused) throw new ScriptError('C:\\ProgramData\\EntraConnectRemediation belongs to CONTOSO\\mallory, not to the administrators.');
        return [object({ folder: `C:\\ProgramData\\EntraConnectRemediation\\${text('Run')}` })];
      case 'back-up-configuration': return [object({ path: `${text('Folder')}\\configuration`, files: 12, serviceConfigCopied: true })];
      case 'back-up-database':
        return [object(this.sqlcmd === 'works' ? { outcome: 'backed-up', path: `${text('Folder')}\\ADSync.bak`, bytes: 5_000_000n, text: '' } : { outcome: this.sqlcmd === 'absent' ? 'no-sqlcmd' : 'failed', path: '', bytes: 0n, text: 'sqlcmd did not work.' })];
      case 'copy-database':
        if (this.databaseAlive) throw new ScriptError('The process cannot access the file because it is being used by another process.');
        return [object({ path: text('Folder'), bytes: 5_000_000n })];
      case 'read-scheduler':
        this.#needsService();
        if (this.busyReadings > 0) this.busyReadings--;
        return [object({ enabled: this.enabled, running: this.busyReadings > 0, busy: '', before: this.before, cloud: this.signsIn() })];
      case 'pause-scheduler':
        this.#needsService();
        if (this.before === '' || this.enabled) this.before = this.enabled ? 'True' : 'False';
        this.enabled = false;
        return [object({ before: this.before })];
      case 'restore-scheduler': {
        if (this.before === '') return [object({ before: '', enabled: null, restored: false })];
        this.#needsService();
        const { before } = this;
        this.enabled ||= before === 'True';
        this.before = '';
        return [object({ before, enabled: this.enabled, restored: true })];
      }
      case 'read-key-events':
        return this.events.filter((event) => event.log === 'Application' && event.recordId > Number(p['After'])).reverse().map((event) =>
          object({ recordId: BigInt(event.recordId), id: event.id, provider: event.provider, time: event.time, text: event.data.join('\n') }));
      case 'test-connector': {
        this.#needsService();
        const good = this.connectors.find((one) => one.name === text('Connector'))?.good === true;
        return [object({ works: good, text: good ? 'ok' : 'The user name or password is incorrect.' })];
      }
      case 'store-connector-password': case 'swap-connector-account': {
        this.#needsService();
        const entry = this.connectors.find((one) => one.name === text('Connector'));
        if (entry === undefined) throw new ScriptError('There is no such connector.');
        const given = (p['Password'] as SecureString).reveal();
        entry.good = script === 'swap-connector-account' ? given === 'admin-Passw0rd' : given === 'new-Passw0rd';
        this.event('Application', 'secrets', 6603, 'ADSync', [entry.name]);
        return [object(script === 'swap-connector-account' ? { loginDomain: 'CONTOSO', loginUser: 'MSOL_new' } : { stored: true })];
      }
      case 'read-entra-account': return [object({ userName: 'Sync_SYNC1_0123@contoso.example', mode: this.applicationMode ? 'Application' : 'ServiceAccount', present: true, takesCredential: true })];
      case 'reinitialize-entra-account': {
        const entra = this.connectors.find((one) => one.type === 'Entra');
        if (entra !== undefined) entra.good = true;
        this.event('Application', 'secrets', 6603, 'ADSync', [entra?.name ?? '']);
        return [object({ reinitialized: true })];
      }
      case 'start-cycle':
        this.cycles++;
        for (const one of this.connectors) this.runs.push({ connector: one.name, profile: 'Delta Import', result: one.good ? 'success' : 'no-start-credentials', history: `run-${this.runs.length}`, start: now });
        return [object({ result: 'Success', clock: now })];
      case 'read-runs':
        return [object({ kind: 'state', connector: '', profile: '', result: '', start: '', complete: false, busy: 0, history: '' }),
          ...this.runs.map((run) => object({ kind: 'run', ...run, complete: true, busy: 0 }))];
      case 'read-password-sync': return [object({ enabled: true })];
      case 'write-baseline': this.baseline = text('StartName'); return [object({ takenAt: now })];
      case 'launch-abandon':
        if (this.marker !== undefined) return [object({ launched: false, why: 'An earlier intent to abandon the key is on record, so it was not launched.', task: '' })];
        if (this.claim !== undefined) return [object({ launched: false, why: 'Another client has claimed the abandonment of the key, so it was not launched.', task: '' })];
        this.claim = { run: text('Run'), intent: now, applicationRecord: plain(p['ApplicationRecord']) };
        this.marker = { run: text('Run'), intent: now, phase: 'launched', refusal: '', exitCode: '', output: '', folder: text('Folder'), task: `EntraConnectRemediation-${text('Run')}`, applicationRecord: plain(p['ApplicationRecord']), bootTime: boot };
        this.taskState = 'Running';
        this.launches++;
        return [object({ launched: true, why: '', task: this.marker['task'] ?? '' })];
      case 'read-abandon':
        if (this.taskState === 'Running' && --this.taskReadings <= 0) this.#endTask(now);
        if (this.marker === undefined && this.claim === undefined) return [object({ present: false, clock: now, serverBootTime: boot })];
        return [object({ present: true, phase: 'claimed', exitCode: '', ...this.claim, ...this.marker, taskState: this.taskState, processAlive: this.taskState === 'Running', utilityAlive: this.utilityAlive, clock: now, serverBootTime: boot })];
      case 'end-abandon-task': this.taskState = ''; return [object({ removed: true })];
      case 'write-approval': {
        if (this.approvals.has(text('Id'))) throw new ScriptError('An approval of this name is there already.');
        const values = ['Proof', 'Plan', 'Digest', 'MachineId', 'ComputerName', 'Expires', 'Who'].map((name) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, text(name)] as const);
        this.approvals.set(text('Id'), { ...Object.fromEntries(values), usedBy: '' });
        return [object({ written: true })];
      }
      case 'read-approval': {
        const approval = this.approvals.get(text('Id'));
        return [object(approval === undefined ? { present: false, clock: now } : { present: true, clock: now, ...approval })];
      }
      case 'use-approval': {
        const approval = this.approvals.get(text('Id'));
        if (approval?.['usedBy'] === '') approval['usedBy'] = text('Run');
        return [object({ usedBy: approval?.['usedBy'] ?? '' })];
      }
      case 'settle-abandon':
        if ([this.marker?.['intent'], this.claim?.intent].some((intent) => intent !== undefined && intent !== text('Intent'))) throw new ScriptError('Another abandonment.');
        {
          const record = this.runRecords.get((this.marker?.['run'] ?? '').toLowerCase());
          if (record !== undefined && this.marker?.['exitCode'] === '0') record['Abandoned'] = this.marker['finished'] ?? '';
        }
        this.marker = undefined;
        this.claim = undefined;
        return [object({ settled: true })];
      default: throw new Error(`The fake server does not know the script ${script}.`);
    }
  }

  /** What a script has done when its process dies in the middle of it. */
  #firstPart(script: string, p: Parameters): void {
    switch (script) {
      case 'pause-scheduler':
        if (this.before === '' || this.enabled) this.before = this.enabled ? 'True' : 'False';
        return;
      case 'restore-scheduler': this.enabled ||= this.before === 'True'; return;
      case 'start-service': if (this.state !== 'Running') { this.state = 'Start Pending'; this.pending = { to: 'start', readings: 2 }; } return;
      case 'stop-service': if (this.state === 'Running') { this.state = 'Stop Pending'; this.pending = { to: 'stop', readings: 2 }; } return;
      case 'reinitialize-entra-account': for (const one of this.connectors) if (one.type === 'Entra') one.good = false; return;
      case 'launch-abandon':
        this.#answer(script, p);
        this.launches--;
        this.taskState = '';
        return;
      // Killed before it had done anything that lasts.
      case 'snapshot': case 'lock-write': case 'begin-run': case 'record-step': case 'protect-folder': case 'back-up-database': case 'back-up-configuration': case 'copy-database': case 'settle-abandon': return;
      default: this.#answer(script, p);
    }
  }

  /** A service that is starting or stopping gets there by itself, whoever looks. */
  #settle(): void {
    if (this.pending === undefined || --this.pending.readings > 0) return;
    const { to } = this.pending;
    this.pending = undefined;
    this.state = 'Stopped';
    if (to === 'start') this.#start();
  }

  #endTask(now: string): void {
    this.taskState = 'Ready';
    if (this.marker === undefined) return;
    if (this.taskEnds === 'dies') this.marker['phase'] = 'abandoning';
    else if ('refusal' in this.taskEnds) Object.assign(this.marker, { phase: 'refused', refusal: this.taskEnds.refusal, finished: now });
    else {
      this.abandonedCount++;
      this.abandoned.push(this.key);
      this.state = 'Stopped';
      this.key = 'none';
      for (const one of this.connectors) one.good = false;
      this.event('Application', 'abandonment', 1, 'MIISKMU');
      Object.assign(this.marker, { phase: 'finished', exitCode: this.taskEnds.exitCode, finished: now, output: 'The key set was abandoned.' });
    }
  }

  /** One start by Service Control Manager: logon, database, key, in this order, as a real one. */
  #start(): number {
    if (this.startMode === 'Disabled') return 14;
    this.startAttempts++;
    const code = this.#logon();
    if (code !== 0) {
      this.exitCode = 1069;
      this.specificCode = 0;
      this.#logonFailure(code);
      return 15;
    }
    this.databaseAlive = true;
    const engine = this.#startEngine();
    if (engine !== 0) {
      this.#stopped(1066, engine);
      this.event('System', 'scm', 7024, 'Service Control Manager', ['Microsoft Entra ID Sync', `%%${engine}`]);
      return 0;
    }
    this.state = 'Running';
    this.exitCode = 0;
    this.specificCode = 0;
    this.event('System', 'states', 7036, 'Service Control Manager', ['Microsoft Entra ID Sync', 'running']);
    return 0;
  }

  /** 0, or the Win32 code with which Windows refuses the logon. */
  #logon(): number {
    if (/^NT SERVICE\\/i.test(this.startName)) return 0;
    if (this.startName.endsWith('$')) return this.writableController ? 0 : 1311;
    if (this.logonCode !== 0) return this.logonCode;
    if (this.scmPassword === this.accountPassword) return 0;
    this.failedLogons++;
    if (this.failedLogons >= this.lockoutAfter) this.logonCode = 1909;
    return 1326;
  }

  /** Database, then key; the service-specific code that ends the start, or 0. */
  #startEngine(): number {
    if (this.database === 'broken') {
      this.event('Application', 'key', 6209, 'ADSync');
      return 0x8023043e;
    }
    if (this.startName !== this.originalAccount) {
      this.event('Application', 'key', 6226, 'ADSync');
      this.event('Application', 'key', 6206, 'ADSync');
      return 0x80231000;
    }
    if (this.database === 'restored') {
      this.event('Application', 'key', 6223, 'ADSync');
      return 0x80231003;
    }
    if (this.key === 'none') this.event('Application', 'key-new', 6201, 'ADSync');
    else if (!this.keyReadable()) {
      const old = Number(this.build.split('.')[0]) < 2;
      if (old || this.key === 'lost') {
        this.event('Application', 'key', old ? 6028 : 6208, 'ADSync');
        return 0x80231000;
      }
      if (this.key === 'unreadable') this.secretsDropped += this.connectors.filter((one) => one.good).length;
      for (const one of this.connectors) one.good = this.applicationMode && one.type === 'Entra';
      this.event('Application', 'key-new', 6227, 'ADSync');
      for (const one of this.connectors.filter((candidate) => !candidate.good)) this.event('Application', 'secrets', 6601, 'ADSync', [one.name]);
    }
    this.key = 'readable';
    return 0;
  }

  /** Whether a start now would read the key. */
  keyReadable(): boolean {
    const local = this.startName.startsWith('.\\') || /^NT SERVICE/i.test(this.startName);
    return this.key === 'readable' || (this.key === 'unreadable' && !local && this.writableController);
  }

  #stopped(exitCode: number, specificCode: number): void {
    this.state = 'Stopped';
    this.exitCode = exitCode;
    this.specificCode = specificCode;
  }

  /** A start that somebody else tries: a reboot, monitoring, a person. */
  startedElsewhere(): void {
    this.state = 'Stopped';
    this.#start();
    this.startAttempts = 0;
    this.failedLogons = 0;
  }

  #logonFailure(code = 1326): void {
    this.event('System', 'scm', 7038, 'Service Control Manager', ['ADSync', this.startName, `%%${code}`]);
    this.event('System', 'scm', 7000, 'Service Control Manager', ['Microsoft Entra ID Sync', '%%1069']);
  }

  #needsService(): void {
    if (this.state !== 'Running') throw new ScriptError('Synchronization Service is not running.');
  }

  static readonly path = path;
  static readonly lost = lost;
}

function plain(value: PSValue | undefined): string {
  return typeof value === 'number' || typeof value === 'bigint' ? value.toString() : '';
}

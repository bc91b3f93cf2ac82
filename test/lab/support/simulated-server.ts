import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const engine = join(process.cwd(), '.cache', 'engine', process.platform === 'win32' ? 'practice-engine.exe' : 'practice-engine');
export const simulation = join(process.cwd(), 'lab', 'simulation');

export interface Ran { readonly code: number | null; readonly stdout: string; readonly stderr: string }
export interface Verdict { readonly healthy: boolean; readonly reasons: readonly string[]; readonly harm: readonly string[]; readonly stops: number; readonly abandoned: number; readonly abandonStarted: number; readonly secretsDropped: number; readonly starts: number; readonly failedLogons: number }
export type Scenario = Record<string, unknown>;

/** Runs a program to its end with a text on its standard input. */
export function run(file: string, args: readonly string[], input = '', environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...process.env, ...environment }, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
    child.stdin.on('error', () => { /* a program that ends early does not read its input */ });
    child.on('error', reject).on('close', (code) => { resolve({ code, stdout, stderr }); });
    child.stdin.end(input);
  });
}

/** Reads one of the lab's own scenarios as a value that a test may change. */
export async function scenario(name: string): Promise<Scenario> {
  return JSON.parse(await readFile(join(process.cwd(), 'lab', 'scenarios', `${name}.json`), 'utf8')) as Scenario;
}

/** Every name of a secret that a scenario uses, and the two administrators'. */
export function secretNames(what: Scenario): string[] {
  const names = new Set(['entraAdmin', 'enterpriseAdmin']);
  const collect = (value: unknown, key: string): void => {
    if (typeof value === 'string' && ['password', 'oldPassword', 'scmPassword', 'stored', 'secret'].includes(key)) names.add(value);
    else if (value !== null && typeof value === 'object') for (const [inner, item] of Object.entries(value)) collect(item, Array.isArray(value) ? key : inner);
  };
  collect(what, '');
  return [...names];
}

function freshSecrets(what: Scenario): Record<string, string> {
  return Object.fromEntries(secretNames(what).map((name) => [name, `${name}-${randomBytes(12).toString('base64url')}é'"`]));
}

/** One simulated server in a folder of its own, reached without the product: through its powershell.exe alone. */
export class SimulatedServer {
  readonly directory: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly #top: string;

  private constructor(top: string, secrets: Record<string, string>) {
    this.#top = top;
    this.directory = join(top, 'server');
    this.secrets = secrets;
  }

  /** Makes a server of a scenario (a value); every secret it names gets a fresh value. */
  static async create(what: Scenario): Promise<SimulatedServer> {
    const top = await mkdtemp(join(tmpdir(), 'simulated-'));
    const file = join(top, 'scenario.json');
    await writeFile(file, JSON.stringify(what));
    const secrets = freshSecrets(what);
    const server = new SimulatedServer(top, secrets);
    const made = await run(engine, ['run', join(simulation, 'create.ps1'), '-Scenario', file, '-Directory', server.directory], JSON.stringify(secrets));
    if (made.code !== 0) throw new Error(made.stderr);
    return server;
  }

  /** Several at once, with one start of the engine. */
  static async createAll(whats: readonly Scenario[]): Promise<SimulatedServer[]> {
    const made = await Promise.all(whats.map(async (what) => {
      const top = await mkdtemp(join(tmpdir(), 'simulated-'));
      const file = join(top, 'scenario.json');
      await writeFile(file, JSON.stringify(what));
      const server = new SimulatedServer(top, freshSecrets(what));
      return { server, place: { scenario: file, directory: server.directory, secrets: server.secrets } };
    }));
    const ran = await run(engine, ['run', join(simulation, 'create.ps1'), '-Several'], JSON.stringify(made.map(({ place }) => place)));
    if (ran.code !== 0) throw new Error(ran.stderr);
    return made.map(({ server }) => server);
  }

  /** Judges several with one start of the engine, in their order. */
  static async judgeAll(servers: readonly SimulatedServer[]): Promise<Verdict[]> {
    const ran = await run(engine, ['run', join(simulation, 'judge.ps1'), '-Several'], JSON.stringify(servers.map(({ directory }) => directory)));
    if (ran.code !== 0) throw new Error(ran.stderr);
    return JSON.parse(ran.stdout) as Verdict[];
  }

  get powershell(): string { return join(this.directory, 'bin', 'powershell.exe'); }

  /** A secret's value, in single quotes for a script. */
  quoted(name: string): string { return `'${(this.secrets[name] ?? '').replaceAll("'", "''")}'`; }

  run(script: string): Promise<Ran> { return run(this.powershell, ['-NoProfile', '-EncodedCommand', Buffer.from(script, 'utf16le').toString('base64')]); }

  /** Runs a script whose one output is a hashtable or a list; gives it as a value. */
  async ask<T>(script: string): Promise<T> {
    const ran = await this.run(`${prelude}\nConvertTo-Json -Compress -Depth 6 -InputObject (& {\n${script}\n})`);
    if (ran.code !== 0 || ran.stdout === '') throw new Error(`The script ended with ${String(ran.code)}: ${ran.stderr}`);
    return JSON.parse(ran.stdout) as T;
  }

  async judge(): Promise<Verdict> {
    const ran = await run(engine, ['run', join(simulation, 'judge.ps1'), '-Directory', this.directory]);
    return JSON.parse(ran.stdout) as Verdict;
  }

  /** What a person does elsewhere; the input is the password, where the action takes one. */
  person(action: string, more: readonly string[] = [], input = ''): Promise<Ran> {
    return run(engine, ['run', join(simulation, 'person.ps1'), '-Directory', this.directory, '-Action', action, ...more], input);
  }

  enterPassword(connector: string, password: string): Promise<Ran> { return this.person('enter-connector-password', ['-Connector', connector], password); }

  /** The whole state as text: what a search for secrets looks at. */
  state(): Promise<string> { return readFile(join(this.directory, 'state.json'), 'utf8'); }

  async [Symbol.asyncDispose](): Promise<void> { await rm(this.#top, { recursive: true, force: true, maxRetries: 5 }); }
}

// What the tests' scripts share: the service, the events of this test, and the miiskmu call with its exit code.
const prelude = `
$service = { Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'" }
$start = { (Invoke-CimMethod -InputObject (& $service) -MethodName StartService).ReturnValue }
$stop = { (Invoke-CimMethod -InputObject (& $service) -MethodName StopService).ReturnValue }
$adsync = { Import-Module -Name 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\ADSync\\ADSync.psd1' }
$events = { param($log) @(Get-WinEvent -FilterHashtable @{ LogName = $log; StartTime = (Get-Date).AddMinutes(-10) } -ErrorAction SilentlyContinue | Where-Object { $_.ProviderName -in 'ADSync', 'MIISKMU', 'Service Control Manager' -and "$($_.Properties[0].Value)" -notlike 'Win*' } | Sort-Object RecordId | ForEach-Object { $_.Id }) }
$abandon = { $lines = @(& 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiskmu.exe' /a 2>&1 | ForEach-Object { "$_" }); @{ code = $LASTEXITCODE; text = $lines -join ' ' } }
`;

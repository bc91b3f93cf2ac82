import assert from 'node:assert/strict';
import { RemotePrompt } from '../../src/providers/prompt/remotePrompt.ts';
import { whileLocked } from '../../src/providers/prompt/whileLocked.ts';
import { secureText } from '../../src/providers/person/secureText.ts';
import { Screen } from '../../src/providers/terminal/screen.ts';
import { Transcript } from '../../src/providers/terminal/transcript.ts';
import { createConnect } from '../../src/remote/connect.ts';
import type { ConnectPrompts, PowerShellSession, PSValue, ServerConnection, SessionHost, SessionTarget } from '../../src/session.ts';
import { TestTerminal } from '../unit/prompt/terminal.ts';
import { scenario, SimulatedServer } from './support/simulated-server.ts';

const noPins = { find: () => Promise.resolve([]), add: () => Promise.resolve(), forget: () => Promise.resolve(0) };
const nobody: ConnectPrompts = { trustHostKey: () => Promise.resolve(false), trustCertificate: () => Promise.resolve(false), password: () => Promise.resolve(undefined), passphrase: () => Promise.resolve(undefined) };
const target: SessionTarget = { name: 'AADC01', host: 'localhost', transport: 'local', port: undefined, user: undefined, identityFile: undefined };
const holder = { who: 'tester', host: 'workstation', client: '5c3f8e4e-3f0c-4a86-93d9-5d1b0cf1d8a1' };

/** Longest wait for what a server of this machine shows, in milliseconds. */
const patience = 60_000;

describe('A prompt on a simulated server', () => {
  let server: SimulatedServer;
  let connection: ServerConnection;
  let prompt: RemotePrompt;
  let terminal: TestTerminal;
  let heard: () => void = () => undefined;
  let answers: (question: string) => PSValue | undefined = () => undefined;
  const asked: string[] = [];
  let agrees = true;

  before(async () => {
    server = await SimulatedServer.create(await scenario('healthy'));
    connection = await createConnect({ hostKeyPins: noPins, certificatePins: noPins, knownHostsFiles: [], localPowerShell: server.powershell })(target, nobody, new AbortController().signal);
  });
  after(async () => {
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    terminal = new TestTerminal(80, 1000);
    const transcript = new Transcript(1000, () => undefined);
    const write = (text: string): void => {
      terminal.write(text);
      heard();
    };
    asked.length = 0;
    agrees = true;
    const openSession = (signal?: AbortSignal): Promise<PowerShellSession> => connection.openSession(signal);
    prompt = new RemotePrompt({
      server: 'AADC01', open: openSession, refusal: () => undefined,
      confirm: (_script, dangers) => { asked.push(...dangers); return Promise.resolve(agrees); },
      confirmPaste: () => Promise.resolve(true),
      host: (script): SessionHost => ({
        prompt: async (_caption, _message, fields) => {
          const field = fields[0]?.name ?? '';
          asked.push(field);
          const answer = answers(field);
          return { [field]: answer ?? await script.decline() };
        },
        promptForChoice: (_caption, message, choices) => {
          asked.push(message, ...choices.map(({ label }) => label));
          return Promise.resolve(1);
        },
      }),
      locked: (work, signal) => whileLocked({ server: { key: 'x', name: 'AADC01', file: 'x', target, claims: {} }, extraSession: openSession }, holder, work, signal),
      left: () => undefined,
      texts: { opening: '', opened: (who) => who, stopping: '^C', dropping: '^C^C', notRun: 'Not run.', lost: (why) => why, tooLong: () => '', hidden: '(hidden)', locking: 'Locking' },
    }, new Screen(write, transcript), transcript, write);
    prompt.resize(80, 1000);
    await prompt.start();
  });
  afterEach(async () => { await prompt.close(); });

  /** Waits until the screen's last line fits. */
  async function shows(last: RegExp): Promise<void> {
    const end = Date.now() + patience;
    while (!last.test(terminal.lines.at(-1) ?? '')) {
      assert.ok(Date.now() < end, `${String(last)} never came:\n${terminal.lines.join('\n')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Runs a line; what the server said to it, without the line itself. */
  async function run(line: string): Promise<string[]> {
    prompt.input(line);
    const from = terminal.lines.length;
    prompt.input('\r');
    await shows(ready);
    return terminal.lines.slice(from, -1);
  }
  const ready = /^\[AADC01\]: PS .*>$/;

  it('shows where the server stands, keeps variables, and formats as the server does', async () => {
    assert.match(terminal.lines.at(-1) ?? '', ready);
    assert.deepEqual(await run('$x = 40 + 2; function twice($n) { 2 * $n }'), []);
    assert.deepEqual(await run('twice $x'), ['84']);
    assert.deepEqual((await run('[pscustomobject]@{ Name = "漢字"; Value = 7 }')).filter((line) => line !== '').map((line) => line.replace(/ +/g, ' ')), ['Name Value', '---- -----', '漢字 7']);
    assert.ok((await run('Get-Service ADSync')).join('\n').includes('ADSync'));
    assert.match((await run('Write-Warning "late"; 1/0; "on"')).join('\n'), /WARNING: late[^]*divide by zero/);
  });

  it('waits for the rest of a command', async () => {
    prompt.input('if ($true) {\r');
    await shows(/^>>$/);
    prompt.input('"inside" |\r');
    await shows(/^>>$/);
    prompt.input('ForEach-Object { $_.Length }\r');
    await shows(/^>>$/);
    assert.deepEqual(await run('}'), ['6']);
    assert.match((await run('} ; . {')).join('\n'), /Unexpected token/);
  });

  it('stops with Ctrl+C what would never end, and goes on', async () => {
    prompt.input('while ($true) { "again"; Start-Sleep -Milliseconds 100 }\r');
    await shows(/^$/);
    const end = Date.now() + patience;
    while (!terminal.lines.includes('again')) {
      assert.ok(Date.now() < end, 'nothing came');
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    prompt.input('\u0003');
    await shows(ready);
    assert.deepEqual(await run('"next"'), ['next']);
  });

  it('completes by the server', async () => {
    prompt.input('$here = 1; Get-CimInst\t');
    await shows(/\$here = 1; Get-CimInstance$/);
    prompt.input('\u001b');
    await run('$uncommonName = 1');
    prompt.input('$uncommonN\t');
    await shows(/> \$uncommonName$/);
    prompt.input('\u0003');
    await shows(ready);
  });

  it('puts what a script asks to the person, a secret as a secret, and ends the script where nobody answers', async () => {
    answers = (question) => question === 'User name' ? 'bob' : question === 'Secret' ? secureText('hunter2') : undefined;
    assert.deepEqual(await run('"Hello $(Read-Host "User name")"'), ['Hello bob']);
    assert.deepEqual(await run('(Read-Host "Secret" -AsSecureString).Length'), ['7']);
    assert.deepEqual(await run('$Host.UI.PromptForChoice("c", "Go on?", [System.Management.Automation.Host.ChoiceDescription[]]@("&Yes", "&No"), 0)'), ['1']);
    assert.deepEqual(asked, ['User name', 'Secret', 'Go on?', '&Yes', '&No']);
    assert.ok(!(await run('Read-Host "Nobody"; "went on"')).includes('went on'));
    assert.doesNotMatch(terminal.raw, /hunter2/);
  });

  it('asks before it touches the service, runs nothing where refused, and holds the server\'s lock while it does', async () => {
    agrees = false;
    await run('& "Stop-Service" ADSync');
    assert.deepEqual(asked, ['service']);
    assert.equal((await server.judge()).stops, 0);
    agrees = true;
    const lines = await run('Set-ADSyncScheduler -SyncCycleEnabled $false; @(Get-ChildItem -LiteralPath "HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock").Count');
    assert.equal(lines.at(-1), '1', lines.join('\n'));
    assert.deepEqual(await run('@(Get-ChildItem -LiteralPath "HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock").Count'), ['0']);
  });
});

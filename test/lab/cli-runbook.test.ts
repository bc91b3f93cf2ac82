import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliUser, localServer } from './support/cli-command.ts';
import { problemsOf, scriptFacts } from './support/script-surface.ts';
import { scenario, SimulatedServer } from './support/simulated-server.ts';

interface Book {
  readonly steps: readonly { readonly id: string; readonly target?: string | null; readonly actions: readonly ({ readonly kind: 'command'; readonly lines: readonly string[] } | { readonly kind: 'do'; readonly text: string } | { readonly kind: 'click' })[] }[];
}

const linesOf = (step: Book['steps'][number]): readonly string[] => step.actions.flatMap((action) => (action.kind === 'command' ? action.lines : []));

/** Types the lines of some steps; a new window is opened where the runbook says so. What fails ends nothing, as in a window that a person types into. */
async function typed(server: SimulatedServer, steps: Book['steps'], instead: ReadonlyMap<string, string> = new Map()): Promise<string> {
  const windows: string[][] = [[]];
  for (const step of steps) {
    windows.at(-1)?.push(...linesOf(step).map((line) => instead.get(line) ?? line));
    if (step.actions.some((action) => action.kind === 'do' && action.text.includes('Close the PowerShell window and open a new one'))) windows.push([]);
  }
  const shown: string[] = [];
  for (const lines of windows.filter((window) => window.length > 0)) {
    const { stdout, stderr } = await server.run(['$ErrorActionPreference = \'Continue\'', ...lines].join('\n'));
    shown.push(stdout, stderr);
  }
  return shown.join('\n');
}

describe('a runbook typed by a person on the server itself', function () {
  this.timeout(180_000);

  it('abandons a lost key and brings everything back, line by line as it is printed', async () => {
    await using server = await SimulatedServer.create(await scenario('key-lost-current'));
    await using user = await CliUser.create(localServer('practice'), { ENTRA_CONNECT_POWERSHELL: server.powershell });
    const book = await user.json<Book>(['runbook', 'practice', '--plan', 'full-abandonment']);
    assert.equal(book.code, 0);
    const entering = book.steps.findIndex((step) => step.id === 'enter-connector-password');
    const before = book.steps.slice(0, entering);
    assert.ok(before.flatMap(linesOf).some((line) => line.endsWith('miiskmu.exe\' /a')));
    const first = await typed(server, before);
    assert.deepEqual((await server.judge()).abandoned, 1, first);
    assert.match(first, /SYNC04/);

    for (const [connector, secret] of [['adatum.com', 'forest1'], ['lucerne.example', 'forest2']] as const) assert.equal((await server.enterPassword(connector, server.secrets[secret] ?? '')).code, 0);
    // Whoever is asked types into a window; here the window is replaced by what it gives. Lines that are to be repeated are.
    const credential = `$credential = [System.Management.Automation.PSCredential]::new('administrator@practice.onmicrosoft.com', (& { $s = New-Object System.Security.SecureString; foreach ($c in ${server.quoted('entraAdmin')}.ToCharArray()) { $s.AppendChar($c) }; $s }))`;
    const instead = new Map([
      ['$credential = Get-Credential', credential],
      ['Get-ADSyncConnectorRunStatus', 'while (@(Get-ADSyncConnectorRunStatus).Count -gt 0) { Start-Sleep -Milliseconds 200 }'],
      ["Test-ADSyncADDSConnectivity -ConnectorName (Read-Host -Prompt 'Name of the connector')", "Test-ADSyncADDSConnectivity -ConnectorName 'adatum.com'"],
    ]);
    const second = await typed(server, book.steps.slice(entering), instead);
    const verdict = await server.judge();
    assert.deepEqual([verdict.healthy, verdict.abandoned], [true, 1], `${verdict.reasons.join('; ')}\n${second}`);
  });

  it('holds no line that Windows PowerShell 5.1 does not read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runbook-'));
    try {
      await using user = await CliUser.create(localServer('practice'));
      const said = ['--computer-name', 'SYNC1', '--service-account', 'CONTOSO\\svc', '--build', '2.6.84.0', '--connector', 'it\u2019s $one `of "them"'];
      for (const plan of ['full-abandonment', 'planned-change', 'entra-reinitialize', 'connector-password']) {
        const { steps } = await user.json<Book>(['runbook', '--plan', plan, ...said]);
        await writeFile(join(folder, `${plan}.ps1`), steps.flatMap(linesOf).join('\n'));
      }
      const facts = await scriptFacts(folder);
      assert.equal(facts.size, 4);
      for (const [name, found] of facts) {
        // Which commands a person may type is not limited to those that the product sends.
        const problems = problemsOf(found, { commands: {}, adsync: {}, native: [] }).filter((problem) => !/is not listed|without its parameter's name|without anyone knowing/.test(problem));
        assert.deepEqual(problems, [], name);
      }
      // The name is one word of one command, whatever quotes it holds.
      assert.match(facts.get('connector-password.ps1') ?? '', /ConnectorName='it\u2019\u2019s \$one `of "them"'/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

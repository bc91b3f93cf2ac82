import assert from 'node:assert/strict';
import { scripts } from '../../src/connect/scripts.ts';
import { SimulatedServer, scenario } from './support/simulated-server.ts';

/** Where a case puts its line into the script: before the text that stands here, which the script has once. */
const places = {
  second: '$Guard = "database-process',
  last: '$after = Get-SyncService',
  marker: '$now = Get-ItemProperty',
} as const;

interface Case {
  /** Done before the script begins; the marker, its claim and its folder are those of a task that was launched a moment ago. */
  readonly given?: string;
  /** What somebody does while the script runs, at a place in it. */
  readonly meanwhile?: readonly [keyof typeof places, string];
  readonly exit: 3 | 4;
  readonly refusal?: RegExp;
  /** The service is stopped before that is looked at. Default: it is left running. */
  readonly stops?: true;
}

const mark = (name: string, value: string): string => `Set-ItemProperty -LiteralPath $key -Name '${name}' -Value '${value}'`;

/** What the script looks at by itself, each made untrue alone, but for how long a stop may take. Exit code 3: refused, with a reason; 4: it was not its turn. */
const cases: Readonly<Record<string, Case>> = {
  'its task was started a second time': { given: mark('Phase', 'finished'), exit: 4 },
  'the intent on record is another run\'s': { given: mark('Run', 'another'), exit: 4 },
  'it was begun for this intent before': { given: 'Set-Content -LiteralPath "$folder\\begun-20261127T100000Z" -Value 1', exit: 4 },
  'its folder is gone': { given: mark('Folder', 'C:\\Windows\\Temp\\gone'), exit: 3, refusal: /./ },
  'nobody wrote down what was confirmed': { given: mark('Guard', ''), exit: 3, refusal: /does not say what was confirmed/ },
  'what was confirmed holds no more': { given: mark('Guard', 'account=CONTOSO\\somebody'), exit: 3, refusal: /'CONTOSO\\somebody' was confirmed/ },
  'the service logs on as somebody else': { given: mark('StartName', 'CONTOSO\\somebody'), exit: 3, refusal: /'CONTOSO\\somebody' was confirmed/ },
  'the program is not there': { stops: true, given: mark('InstallationPath', 'C:\\Windows\\Temp'), exit: 3, refusal: /miiskmu\.exe is not on this server/ },
  'the database has gone with the service': { stops: true, meanwhile: ['second', 'Stop-Process -Name sqlservr -Force'], exit: 3, refusal: /database process of ADSync/ },
  'somebody started the service': { meanwhile: ['last', '$null = Invoke-CimMethod -InputObject (Get-SyncService) -MethodName StartService'], exit: 3, refusal: /started meanwhile \(it is Running\)/ },
  'the marker became another run\'s': { stops: true, meanwhile: ['marker', mark('Run', 'another')], exit: 4 },
  'the marker became another intent\'s': { stops: true, meanwhile: ['marker', mark('Intent', '2026-11-27T10:30:00Z')], exit: 4 },
  'an abandonment is on record': { stops: true, meanwhile: ['marker', mark('Abandoning', '2026-11-27T10:00:01Z')], exit: 4 },
  'its claim is gone': { stops: true, given: 'Remove-Item -LiteralPath $claim', exit: 3, refusal: /not the one of this run/ },
  'another run holds the claim': { stops: true, given: 'Set-Content -LiteralPath $claim -Value "another|2026-11-27T10:00:00Z|1"', exit: 3, refusal: /not the one of this run/ },
  'the claim is for another intent': { stops: true, given: 'Set-Content -LiteralPath $claim -Value "mine|2026-11-27T10:30:00Z|1"', exit: 3, refusal: /not the one of this run/ },
};

/** The script as it is, but that it leaves a loop of this name where it would end its process: no catch sees either. */
const inOneSession = (text: string): string => text.replace(/\bexit (\d+|\$code)/g, '$global:left = $1; break script');

/** One call of the script on a server as it is a moment after the launch; gives its exit code and what is on record. */
const call = (name: string, { given, meanwhile }: Pick<Case, 'given' | 'meanwhile'>): string => `
  if ((& $service).State -ne 'Running') { $null = & $start }
  Remove-Item -LiteralPath $root, $key -Recurse -Force -ErrorAction SilentlyContinue
  $null = New-Item -Path $folder -ItemType Directory -Force
  $null = New-Item -Path $key -Force
  $values = @{ Run = 'mine'; Intent = '2026-11-27T10:00:00Z'; Phase = 'launched'; Guard = 'account=' + (& $service).StartName; StartName = (& $service).StartName; InstallationPath = 'C:\\Program Files\\Microsoft Azure AD Sync'; Folder = $folder }
  foreach ($one in $values.Keys) { Set-ItemProperty -LiteralPath $key -Name $one -Value $values[$one] }
  Set-Content -LiteralPath $claim -Value 'mine|2026-11-27T10:00:00Z|1'
  $text = $script
  ${meanwhile === undefined ? '' : `$text = $script.Replace('${places[meanwhile[0]]}', @'
${meanwhile[1]}
${places[meanwhile[0]]}
'@)`}
  ${given ?? ''}
  $global:left = -1
  :script while ($global:left -eq -1) { & ([scriptblock]::Create($text)) 'mine' }
  $code = $global:left
  $marker = Get-ItemProperty -LiteralPath $key
  $seen['${name.replaceAll("'", "''")}'] = @{ exit = $code; refusal = [string]$marker.Refusal; state = (& $service).State; began = [string]$marker.Phase -eq 'abandoning' -or [string]$marker.ExitCode -ne '' }`;

describe('the script that abandons the key', function () {
  this.timeout(300_000);
  let server: SimulatedServer | undefined;
  let seen: Readonly<Record<string, { exit: number; refusal: string; state: string; began: boolean }>>;
  let begunBefore: number;

  const prepared = `
    $key = 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Abandon'; $root = 'C:\\Windows\\Temp\\runs'; $folder = "$root\\mine"; $claim = "$root\\abandon.claim"; $seen = @{}
    $script = @'
${inOneSession(scripts.abandon.text)}
'@`;

  before(async () => {
    for (const place of Object.values(places)) assert.equal(scripts.abandon.text.split(place).length, 2, place);
    server = await SimulatedServer.create({ ...(await scenario('healthy')), delays: { start: 0, stop: 0, abandon: 0, run: 0 } });
    seen = await server.ask(`${prepared}\n${Object.entries(cases).map(([name, one]) => call(name, one)).join('\n')}\n$seen`);
    begunBefore = (await server.judge()).abandonStarted;
  });
  after(async () => { await server?.[Symbol.asyncDispose](); });

  for (const [name, { exit, refusal, stops }] of Object.entries(cases)) {
    it(`does nothing where ${name}`, () => {
      const one = seen[name];
      assert.ok(one !== undefined);
      assert.deepEqual([one.exit, one.began, one.state], [exit, false, stops === true ? 'Stopped' : 'Running'], one.refusal);
      if (refusal !== undefined) assert.match(one.refusal, refusal);
      else assert.equal(one.refusal, '');
    });
  }

  it('began nothing in any of them, and does where all of it holds', async () => {
    assert.ok(server !== undefined);
    assert.equal(begunBefore, 0);
    const [done] = Object.values(await server.ask<Record<string, { exit: number; began: boolean }>>(`${prepared}\n${call('all of it holds', {})}\n$seen`));
    assert.deepEqual([done?.exit, done?.began], [0, true]);
    assert.equal((await server.judge()).abandonStarted, 1);
  });
});

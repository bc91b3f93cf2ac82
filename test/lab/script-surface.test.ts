import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemsOf, scriptFacts, type Surface } from './support/script-surface.ts';

/** Whose scripts are sent to servers; the first holds the list of what all of them may use. */
const folders = ['src/connect/scripts', 'src/events/scripts'] as const;
const surface: Surface = JSON.parse(readFileSync(join(folders[0], 'surface.json'), 'utf8')) as Surface;

/** Each is a whole script that must be refused, and a part of what must be said. */
const bad: readonly (readonly [string, RegExp])[] = [
  ['$a = $b ? 1 : 2', /ternary/],
  ['Get-Date && Get-Date', /pipeline chain/],
  ['Get-Date || Get-Date', /pipeline chain/],
  ['$a ?? 1', /null coalescing/],
  ['$a ??= 1', /null coalescing assignment/],
  ['${a}?.Length', /null conditional/],
  ['${a}?[0]', /null conditional/],
  ['Get-Date &', /background/],
  ['function f { process { 1 } clean { 2 } }', /clean block/],
  ['using namespace System.IO\nGet-Date', /using/],
  ['class A { }', /class/],
  ['$p = @{ ClassName = "Win32_Service" }\nGet-CimInstance @p', /splatting/],
  ['$a = 1uy', /number 1uy/],
  ['$a = 0b101', /number 0b101/],
  ['$a = "`u{1F600}"', /escape/],
  ['$a = "`e[0m"', /escape/],
  ['"a" -replace "b", { $_ }', /replace with a script block/],
  ['if ($IsWindows) { 1 }', /\$IsWindows/],
  ['[System.IO.File]::ReadAllText("x")', /System\.IO\.File/],
  ['[Microsoft.Win32.Registry]::LocalMachine', /Microsoft\.Win32\.Registry/],
  ['[System.ServiceProcess.ServiceController] "ADSync"', /ServiceController/],
  ['[System.Diagnostics.Process]::Start("cmd.exe")', /Diagnostics\.Process/],
  ['[datetime]::UnixEpoch', /datetime::UnixEpoch/],
  ['[scriptblock]::Create("Get-Date")', /scriptblock::Create/],
  ['[string]::Join(",", 1)', /string::Join/],
  ['"a".Split("ab")', /several characters/],
  ['"a".Contains("b", "Ordinal")', /comparison/],
  ['$x.Invoke()', /method Invoke/],
  ['$x.$name()', /method \?/],
  ['[ValidateNotNullOrWhiteSpace()] $a = "x"', /attribute/],
  ['Get-Service -Name ADSync -NoSuchParameter', /command Get-Service|NoSuchParameter/],
  ['Get-CimInstance -ClassName Win32_Service -CimSession $s', /-CimSession/],
  ['Get-CimInstance -Class Win32_Service', /-Class /],
  ['Get-CimInstance Win32_Service', /without its parameter/],
  ['gcim -ClassName Win32_Service', /gcim/],
  ['1 | % { $_ }', /command % /],
  ['Invoke-Expression "Get-Date"', /Invoke-Expression/],
  ['Add-Type -TypeDefinition ""', /Add-Type/],
  ['Start-Process miiskmu.exe', /Start-Process/],
  ['ConvertTo-Json 1', /ConvertTo-Json/],
  ['& $something', /\$something is invoked/],
  ['$something = Get-Date\n& $something', /\$something is invoked/],
  ['& "Get-$x"', /invoked/],
  ['. $profile', /\$profile is invoked/],
  ['& cmd.exe /c dir', /cmd\.exe/],
  ['Set-Content -LiteralPath a -Value b -Encoding utf8NoBOM', /utf8NoBOM/],
  ['Get-Date (', /line 1/],
];

const good: readonly string[] = [
  'param([string] $Name)\n$x = if ($Name) { 1 } else { 2 }\n[pscustomobject]@{ a = $x }',
  "Get-CimInstance -ClassName Win32_Service -Filter \"Name='ADSync'\" -ErrorAction Stop",
  'function Use-Block([scriptblock] $Read) { & $Read }\nUse-Block { Get-Date }',
  '$program = "C:\\x\\miiskmu.exe"\n& $program \'/a\'',
  '& whoami.exe /groups 2>$null',
  '$a = 10MB + 0x10',
];

describe('what the scripts on the server use', function () {
  this.timeout(60_000);
  const scripts = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.ps1')));
  let directory: string;
  let snippets: ReadonlyMap<string, string>;
  let facts: ReadonlyMap<string, string>;
  const fileOf = (text: string): string => `${String([...bad.map(([snippet]) => snippet), ...good].indexOf(text)).padStart(3, '0')}.ps1`;
  const factsOf = (all: ReadonlyMap<string, string>, name: string): string => {
    const found = all.get(name);
    assert.ok(found !== undefined, `the parser said nothing about ${name}`);
    return found;
  };

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'script-surface-'));
    for (const text of [...bad.map(([snippet]) => snippet), ...good]) writeFileSync(join(directory, fileOf(text)), text);
    snippets = await scriptFacts(directory);
    facts = new Map((await Promise.all(folders.map((folder) => scriptFacts(folder)))).flatMap((of) => [...of]));
  });
  after(() => { rmSync(directory, { recursive: true }); });

  for (const [text, expected] of bad) {
    it(`refuses ${text.replace(/\n/g, ' ; ')}`, () => { assert.match(problemsOf(factsOf(snippets, fileOf(text)), surface).join('\n'), expected); });
  }

  for (const text of good) {
    it(`accepts ${text.replace(/\n/g, ' ; ')}`, () => { assert.deepEqual(problemsOf(factsOf(snippets, fileOf(text)), surface), []); });
  }

  it('finds the scripts, each name once', () => {
    assert.ok(scripts.length >= 23, scripts.join());
    assert.equal(new Set(scripts).size, scripts.length);
  });

  for (const name of scripts) {
    it(`${name} uses only what 5.1 has and surface.json lists`, () => { assert.deepEqual(problemsOf(factsOf(facts, name), surface), []); });
  }

  it('lists nothing that no script uses', () => {
    const used = new Set([...facts.values()].join('\n').split('\n').filter((line) => line.startsWith('command\t')).map((line) => line.split('\t')[2]?.toLowerCase()));
    assert.deepEqual(Object.keys({ ...surface.commands, ...surface.adsync }).filter((name) => !used.has(name.toLowerCase())), []);
  });
});

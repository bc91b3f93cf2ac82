// Records test/protocol/golden/*.json from the engine: node out/test/protocol/record.entry.js
import { writeFile } from 'node:fs/promises';
import type { ExchangeKey } from '../../src/remote/psrp/crypto.ts';
import { PsrpClient } from '../../src/remote/psrp/client.ts';
import { zeroGuid, readGuid } from '../../src/remote/psrp/guid.ts';
import type { Transcript } from './golden.ts';
import { openEngine } from './engine.ts';

const cmdlet = (body: string): string => `function f { [CmdletBinding()]param() ${body} }; f`;

const scripts: Readonly<Record<string, string>> = {
  streams: `$DebugPreference = 'Continue'; $VerbosePreference = 'Continue'; ${cmdlet(`$PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteObject(1); $PSCmdlet.WriteDebug('d'); $PSCmdlet.WriteWarning('w')
$m = [System.Management.Automation.HostInformationMessage]::new(); $m.Message = 'hello'; $m.ForegroundColor = 'Red'; $PSCmdlet.WriteInformation($m, [string[]]@('PSHOST'))
$PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(3, 'act', 'stat'))`)}`,
  values: `$null; 1; 'a_x0041_' + [char]0xfffe + "\`r\`n\`u{1F3B5}"; [ulong]::MaxValue; [long]::MinValue; [decimal]1.10; [double]::NegativeInfinity; [char]'x'; [timespan]::MaxValue
[version]'1.2.3'; {1+1}; [xml]'<a>b</a>'; ,[byte[]](1,2); [datetime]::new(2026, 3, 1, 12, 0, 0, [DateTimeKind]::Utc); $h = @{}; $h[1] = 'int'; $h['1'] = 'string'; $h; [DayOfWeek]::Friday; ,@(1, @(2, $null))
[datetimeoffset]::new(2026, 3, 1, 12, 0, 0, [timespan]'02:00:00'); [ipaddress]'10.0.0.1'; $a = @{ x = 1 }; $a.self = $a; $a`,
  'error-thrown': "1\nthrow [System.IO.FileNotFoundException]::new('gone', [Exception]::new('inner'))",
  'error-record': cmdlet(`$e = [System.Management.Automation.ErrorRecord]::new([System.IO.IOException]::new('outer'), 'MyId', 'ReadError', 'the target')
$e.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('shown instead'); $e.ErrorDetails.RecommendedAction = 'look'; $PSCmdlet.WriteError($e)`),
  'host-calls': `$c = [System.Management.Automation.Host.ChoiceDescription]; $n = $Host.UI.PromptForChoice('cap', 'msg', [System.Management.Automation.Host.ChoiceDescription[]]@($c::new('&Yes', 'do it'), $c::new('&No')), 1)
$Host.UI.Write('Red', 'Black', 'text'); $Host.SetShouldExit(3)`,
  'secure-string': "$s = [securestring]::new(); $s.AppendChar('a'); 'before'; $s; 'after'",
};

/** The engine's own paths and ids would tell about the machine that recorded. */
function neutral(body: string): string {
  return body.replace(/<S N="(?:User|Computer)">[^<]*<\/S>/g, (s) => s.replace(/>[^<]*</, '>recorded<')).replace(/<U32 N="(?:ProcessId|NativeThreadId|ManagedThreadId)">\d+/g, (s) => s.replace(/\d+$/, '1'));
}

const engine = await openEngine();
let messages: Transcript['messages'][number][] = [];
const keys: string[] = [];
/** The machine of the session, watched: each message as it was put together, and the key pair it was given. */
const watched = PsrpClient.prototype as unknown as { message: (this: PsrpClient, bytes: Buffer, stream: string | undefined) => void; exchangeKey: (this: PsrpClient, pair: ExchangeKey) => void };
const { message: receive, exchangeKey: exchange } = watched;
watched.message = function (bytes, stream): void {
  messages.push({ pool: readGuid(bytes, 24) === zeroGuid, type: bytes.readUInt32LE(4).toString(16), body: neutral(bytes.toString('utf8', 40).replace(/^\ufeff/, '')) });
  receive.call(this, bytes, stream);
};
watched.exchangeKey = function (pair): void {
  keys.push(pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'));
  exchange.call(this, pair);
};
for (const [name, script] of Object.entries(scripts)) {
  messages = [];
  keys.length = 0;
  await engine.run(script, { host: { promptForChoice: () => Promise.resolve(0) } });
  const transcript: Transcript = { script, engine: `System.Management.Automation ${engine.session.peer.psVersion}`, messages, ...(keys[0] === undefined ? {} : { exchangeKey: keys[0] }) };
  await writeFile(`test/protocol/golden/${name}.json`, `${JSON.stringify(transcript, null, 1)}\n`);
}
await engine.close();

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { PlainSecret, psCredential, psDate, psDecimal, psTyped } from '../../src/remote/clixml/values.ts';
import type { RemoteError } from '../../src/remote/error.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import type { PSObject, PSValue, RemoteErrorRecord, SecureString, StreamRecord } from '../../src/session.ts';
import type { Engine } from './engine.ts';
import { openEngine, startEngine } from './engine.ts';

/** An advanced function whose `$PSCmdlet` writes to any stream. */
const withCmdlet = (body: string): string => `function f { [CmdletBinding()]param() ${body} }; f`;

const only = <T>(values: readonly T[]): T => {
  assert.equal(values.length, 1, JSON.stringify(values, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)));
  return values[0] as T;
};

describe('a real engine', function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await openEngine();
  });
  after(() => engine.close());

  it('tells who it is', () => {
    const { peer } = engine.session;
    assert.match(peer.psVersion, /^\d+\.\d+/);
    assert.equal(peer.protocolVersion, '2.3');
    assert.notEqual(peer.computerName, '');
  });

  it('sends all seven streams in order', async () => {
    const { records, result } = await engine.run(`$DebugPreference = 'Continue'; $VerbosePreference = 'Continue'
${withCmdlet(`$PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteObject(1); $PSCmdlet.WriteDebug('d'); $PSCmdlet.WriteWarning('w')
$PSCmdlet.WriteInformation('i', [string[]]@('t1', 't2'))
$p = [System.Management.Automation.ProgressRecord]::new(3, 'act', 'stat'); $p.PercentComplete = 40; $p.CurrentOperation = 'op'; $p.ParentActivityId = 1; $p.SecondsRemaining = 9
$PSCmdlet.WriteProgress($p); $p.RecordType = 'Completed'; $PSCmdlet.WriteProgress($p)
$PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('e'), 'id', 'OpenError', $null)); $PSCmdlet.WriteObject(2)`)}`);
    assert.equal(result.state, 'completed');
    assert.equal(result.hadErrors, true);
    assert.deepEqual(records.map((r) => r.stream), ['verbose', 'output', 'debug', 'warning', 'information', 'progress', 'progress', 'error', 'output']);
    assert.deepEqual(records.slice(0, 4).map((r) => r.value), ['v', 1, 'd', 'w']);
    assert.deepEqual(records[4]?.value, { message: 'i', source: 'f', tags: ['t1', 't2'], host: undefined });
    const progress = { activityId: 3, parentActivityId: 1, activity: 'act', status: 'stat', currentOperation: 'op', percent: 40, secondsRemaining: 9, completed: false };
    assert.deepEqual(records.slice(5, 7).map((r) => r.value), [progress, { ...progress, completed: true }]);
  });

  it('sends values of every type', async () => {
    const values = await engine.output(`$null; 1; 'a'; ''; $true; [long]5; [ulong]::MaxValue; [decimal]1.10; 1.5; [single]2.5; [double]::NaN; [byte]7; [char]'x'
[guid]'6f9619ff-8b86-d011-b42d-00c04fc964ff'; [timespan]'1.02:03:04.5'; [version]'1.2.3'; [uri]'http://x/a?b=1'; {1+1}; [xml]'<a>b</a>'; ,[byte[]](1,2)
[datetime]::new(2026, 3, 1, 12, 0, 0, [DateTimeKind]::Utc); ,@(1, @(2)); @{ k = 1 }; ,@(); "a\`r\`n\`u{1F3B5}_x0041_ &<>" + [char]0xfffe`);
    assert.deepEqual(values, [
      null, 1, 'a', '', true, 5n, 18446744073709551615n, psDecimal('1.1'), 1.5, 2.5, Number.NaN, 7, psTyped('Char', 'x'),
      psTyped('Guid', '6f9619ff-8b86-d011-b42d-00c04fc964ff'), psTyped('TimeSpan', 'P1DT2H3M4.5S'), psTyped('Version', '1.2.3'), psTyped('Uri', 'http://x/a?b=1'),
      psTyped('ScriptBlock', '1+1'), psTyped('Xml', '<a>b</a>'), new Uint8Array([1, 2]),
      { kind: 'date', date: new Date('2026-03-01T12:00:00Z'), raw: '2026-03-01T12:00:00Z' }, [1, [2]], new Map([['k', 1]]), [], 'a\r\n🎵_x0041_ &<>\ufffe',
    ]);
  });

  it('sends enums, objects and strings with notes', async () => {
    const [day, custom, noted] = await engine.output("[DayOfWeek]::Friday; [pscustomobject]@{ Name = 'n'; List = 1, 2 }; $s = [psobject]'text'; $s.PSObject.Properties.Add([psnoteproperty]::new('Path', 'C:\\x')); $s") as PSObject[];
    assert.deepEqual([day?.toStringValue, day?.value, day?.typeNames[0]], ['Friday', 5, 'System.DayOfWeek']);
    assert.deepEqual({ ...custom?.properties }, { Name: 'n', List: [1, 2] });
    assert.deepEqual([noted?.value, { ...noted?.properties }], ['text', { Path: 'C:\\x' }]);
  });

  it('takes parameters of every type', async () => {
    const cases: readonly (readonly [PSValue, string])[] = [
      [1, 'System.Int32'], [2 ** 40, 'System.Double'], [1.5, 'System.Double'], [5n, 'System.Int64'], [2n ** 63n, 'System.UInt64'], ['x', 'System.String'], [true, 'System.Boolean'],
      [psDecimal('1.10'), 'System.Decimal'], [psDate(new Date(0)), 'System.DateTime'], [psTyped('Char', 'x'), 'System.Char'], [psTyped('Guid', '6f9619ff-8b86-d011-b42d-00c04fc964ff'), 'System.Guid'],
      [psTyped('TimeSpan', 'PT5S'), 'System.TimeSpan'], [psTyped('Version', '1.2'), 'System.Version'], [psTyped('Uri', 'http://a/'), 'System.Uri'], [psTyped('Xml', '<a />'), 'System.Xml.XmlDocument'],
      [new Uint8Array([1]), 'System.Byte[]'], [new Map([['a', 1]]), 'System.Collections.Hashtable'], [[1, 'a'], 'System.Collections.ArrayList'], [new PlainSecret('s'), 'System.Security.SecureString'],
      [psCredential('u', new PlainSecret('p')), 'System.Management.Automation.PSCredential'],
    ];
    for (const [value, type] of cases) {
      assert.deepEqual(await engine.output('param($v) $v.GetType().FullName', { parameters: { v: value } }), [type]);
    }
    assert.deepEqual(await engine.output('param($v) $null -eq $v', { parameters: { v: null } }), [true]);
  });

  it('echoes text unchanged, whatever is in it', async () => {
    for (const text of ['_x0041_', 'a\u0000b\r\n\t', '🎵', '\ud800', '&lt;<>"\'', '\ufffe\uffff', "'; Remove-Item * #", '$(1+1) `n']) {
      assert.deepEqual(await engine.output('param($v) $v; $v.Length', { parameters: { v: text } }), [text, text.length]);
    }
  });

  it('takes pipeline input, nulls too, and the end of it', async () => {
    assert.deepEqual(await engine.output('begin { $n = 0 } process { if ($null -eq $_) { "null" } else { $_ * 2 }; $n++ } end { "n=$n" }', { input: [1, null, 'ab', 4n] }), [2, 'null', 'abab', 8n, 'n=4']);
    // A process block tells nothing here: it runs once without a value where the end of the input comes before the engine begins.
    assert.deepEqual(await engine.output('@($input).Count', { input: [] }), [0]);
    const many = function* (): Generator<PSValue> {
      for (let i = 0; i < 3000; i++) yield i;
    };
    assert.deepEqual(await engine.output('begin { $n = 0 } process { $n += $_ } end { $n }', { input: many() }), [4498500]);
  });

  it('takes 4 MiB in one parameter and gives 8 MiB back', async () => {
    assert.deepEqual(await engine.output('param($x) $x.Length', { parameters: { x: 'y'.repeat(4 * 2 ** 20) } }), [4 * 2 ** 20]);
    assert.equal((only(await engine.output("'z' * 8MB")) as string).length, 8 * 2 ** 20);
  });

  it('keeps scripts apart, unless they are to share the runspace', async () => {
    await engine.output("$leak = 1; $ErrorActionPreference = 'Stop'");
    assert.deepEqual(await engine.output('$null -eq $leak; "$ErrorActionPreference"'), [true, 'Continue']);
    await engine.output('$kept = 5', { scope: 'runspace' });
    assert.deepEqual(await engine.output('$kept'), [5]);
  });

  describe('errors', () => {
    const errorOf = async (script: string): Promise<RemoteErrorRecord> => only((await engine.run(script)).records.filter((r) => r.stream === 'error').map((r) => r.value));

    it('that end a script come with the result', async () => {
      const { records, result } = await engine.run("1\nthrow [System.IO.FileNotFoundException]::new('gone', [Exception]::new('inner', [ArgumentException]::new('innermost')))");
      assert.deepEqual(records, [{ stream: 'output', value: 1 }]);
      assert.equal(result.state, 'failed');
      assert.equal(result.hadErrors, true);
      assert.equal(result.error?.message, 'gone');
      assert.equal(result.error.exceptionType, 'System.IO.FileNotFoundException');
      assert.deepEqual(result.error.inner, [{ type: 'System.Exception', message: 'inner' }, { type: 'System.ArgumentException', message: 'innermost' }]);
      assert.equal(result.error.hresult, -2147024894);
      assert.equal(result.error.script?.line, 2);
    });

    it('that do not end it keep category, target, id and position', async () => {
      const error = await errorOf(withCmdlet(`
$e = [System.Management.Automation.ErrorRecord]::new([System.IO.IOException]::new('outer'), 'MyId', 'ReadError', 'the target')
$e.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('shown instead'); $e.ErrorDetails.RecommendedAction = 'look'
$PSCmdlet.WriteError($e)`));
      assert.equal(error.message, 'shown instead');
      assert.equal(error.fullyQualifiedErrorId, 'MyId,f');
      assert.deepEqual(error.category, { category: 'ReadError', activity: 'f', reason: 'IOException', targetName: 'the target', targetType: 'String' });
      assert.equal(error.exceptionType, 'System.IO.IOException');
      assert.equal(error.target, 'the target');
      assert.equal(error.recommendedAction, 'look');
      assert.ok((error.script?.line ?? 0) > 0 && error.scriptStackTrace !== undefined);
    });

    it('of a command that is not there, and of a script that cannot be parsed', async () => {
      assert.equal((await errorOf('Get-NothingLikeThis')).fullyQualifiedErrorId, 'CommandNotFoundException');
      const { result } = await engine.run('if (');
      assert.equal(result.state, 'failed');
      assert.equal(result.error?.category.category, 'ParserError');
    });
  });

  describe('host calls', () => {
    const choices = '[System.Management.Automation.Host.ChoiceDescription[]]@([System.Management.Automation.Host.ChoiceDescription]::new("&Yes", "do it"), [System.Management.Automation.Host.ChoiceDescription]::new("&No"))';

    it('read a line', async () => {
      assert.deepEqual(await engine.output('$Host.UI.ReadLine()', { host: { readLine: () => Promise.resolve('typed 🎵') } }), ['typed 🎵']);
    });

    it('read a secure line, which comes back as one', async () => {
      const [secret, length] = await engine.output('$s = $Host.UI.ReadLineAsSecureString(); $s; $s.Length', { host: { readLineAsSecureString: () => Promise.resolve(new PlainSecret('hunter2🎵')) } });
      assert.equal((secret as SecureString).reveal(), 'hunter2🎵');
      assert.equal(length, 9);
    });

    it('ask for fields', async () => {
      const script = `$a = [System.Management.Automation.Host.FieldDescription]::new('user'); $a.Label = '&User'; $a.HelpMessage = 'who'
$b = [System.Management.Automation.Host.FieldDescription]::new('pin'); $b.SetParameterType([securestring])
$r = $Host.UI.Prompt('cap', 'msg', [System.Management.Automation.Host.FieldDescription[]]@($a, $b)); $r['user']; $r['pin'].Length`;
      let asked: unknown;
      const values = await engine.output(script, { host: { prompt: (caption, message, fields) => {
        asked = { caption, message, fields };
        return Promise.resolve({ user: 'me', pin: new PlainSecret('1234') });
      } } });
      assert.deepEqual(values, ['me', 4]);
      assert.deepEqual(asked, { caption: 'cap', message: 'msg', fields: [
        { name: 'user', label: '&User', help: 'who', typeName: 'System.String' }, { name: 'pin', label: '', help: '', typeName: 'System.Security.SecureString' },
      ] });
    });

    it('ask for a credential', async () => {
      let asked: unknown;
      const values = await engine.output("$c = $Host.UI.PromptForCredential('cap', 'msg', 'me', 'target'); $c.UserName; $c.GetNetworkCredential().Password", { host: { promptForCredential: (...parts) => {
        asked = parts;
        return Promise.resolve({ userName: 'CONTOSO\\me', password: new PlainSecret('p@ss') });
      } } });
      assert.deepEqual(values, ['CONTOSO\\me', 'p@ss']);
      assert.deepEqual(asked, ['cap', 'msg', 'me', 'target']);
    });

    it('ask for a choice, and for several', async () => {
      let asked: unknown;
      const host = { promptForChoice: (...parts: unknown[]): Promise<number> => {
        asked = parts;
        return Promise.resolve(1);
      } };
      assert.deepEqual(await engine.output(`$Host.UI.PromptForChoice('cap', 'msg', ${choices}, 0)`, { host }), [1]);
      assert.deepEqual(asked, ['cap', 'msg', [{ label: '&Yes', help: 'do it' }, { label: '&No', help: '' }], 0]);
      assert.deepEqual(await engine.output(`$Host.UI.PromptForChoice('cap', 'msg', ${choices}, [int[]]@(0))`, { host }), [1]);
    });

    it('write in their place among the records, with colours, and set the exit code', async () => {
      const seen: unknown[] = [];
      const pipeline = engine.session.invoke("1; $Host.UI.Write('Red', 'Black', 'text'); 2; $Host.UI.WriteLine('line'); $Host.UI.WriteErrorLine('bad'); $Host.SetShouldExit(3); 3", { host: {
        write: (text, colours) => seen.push([text, colours.foreground, colours.background]), setExitCode: (code) => seen.push(`exit ${code}`),
      } });
      for await (const record of pipeline) seen.push(record.value);
      assert.deepEqual(seen, [1, ['text', 12, 0], 2, ['line\n', undefined, undefined], ['bad\n', 12, undefined], 'exit 3', 3]);
    });

    it('become information records where the host takes no text', async () => {
      const { records } = await engine.run("$Host.UI.WriteLine('Red', 'Blue', 'line')");
      assert.deepEqual(records, [{ stream: 'information', value: { message: 'line', source: '', tags: ['PSHOST'], host: { foreground: 12, background: 9, noNewLine: false } } }]);
    });

    it('that repeat a record are left out', async () => {
      const script = withCmdlet(`$m = [System.Management.Automation.HostInformationMessage]::new(); $m.Message = 'hello'; $m.ForegroundColor = 'Red'; $m.NoNewLine = $true
$PSCmdlet.WriteInformation($m, [string[]]@('PSHOST')); $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteInformation('plain', [string[]]@('PSHOST'))`);
      for (const host of [{}, { write: () => assert.fail('shown twice') }]) {
        const { records } = await engine.run(script, { host });
        assert.deepEqual(records, [
          { stream: 'information', value: { message: 'hello', source: 'f', tags: ['PSHOST'], host: { foreground: 12, background: undefined, noNewLine: true } } },
          { stream: 'warning', value: 'w' },
          { stream: 'information', value: { message: 'plain', source: 'f', tags: ['PSHOST'], host: undefined } },
        ] satisfies StreamRecord[]);
      }
    });

    it('that nobody answers are refused at once, and the script goes on', async () => {
      for (const call of ['$Host.UI.ReadLine()', '$Host.UI.ReadLineAsSecureString()', `$Host.UI.PromptForChoice('c', 'm', ${choices}, 0)`, "$Host.UI.PromptForCredential('c', 'm', 'u', 't')",
        "$Host.UI.Prompt('c', 'm', [System.Management.Automation.Host.FieldDescription[]]@([System.Management.Automation.Host.FieldDescription]::new('n')))"]) {
        const { records, result } = await engine.run(`try { ${call} } catch { "refused: $_" }; 'on'`);
        assert.equal(result.state, 'completed');
        assert.equal(records.length, 2, call);
        assert.match(records[0]?.value as string, /^refused: .*nobody who could answer/, call);
      }
    });
  });

  describe('secure strings', () => {
    it('come back from the server that made them, before any key was exchanged', async () => {
      const fresh = await openEngine();
      try {
        const values = await fresh.output("'before'; $s = [securestring]::new(); 'geheim🎵'.ToCharArray() | % { $s.AppendChar($_) }; $s; 'after'");
        assert.deepEqual(values.map((v) => (typeof v === 'string' ? v : (v as SecureString).reveal())), ['before', 'geheim🎵', 'after']);
        assert.deepEqual(await fresh.output('param([securestring]$s) $s.Length', { parameters: { s: new PlainSecret('abc') } }), [3]);
      } finally {
        await fresh.close();
      }
    });
  });

  describe('a stop', () => {
    it('ends an endless script and leaves the session usable', async () => {
      for (let i = 0; i < 3; i++) {
        const pipeline = engine.session.invoke("'started'; while ($true) { [Threading.Thread]::Sleep(10) }");
        for await (const record of pipeline) {
          assert.equal(record.value, 'started');
          await pipeline.stop();
        }
        assert.equal((await pipeline.result).state, 'stopped');
      }
      assert.deepEqual(await engine.output('1'), [1]);
    });

    it('still delivers what the script says in finally', async () => {
      const stop = new AbortController();
      const pipeline = engine.session.invoke("try { 'started'; while ($true) { [Threading.Thread]::Sleep(10) } } finally { 'cleaned up' }", { signal: stop.signal });
      const seen: unknown[] = [];
      for await (const record of pipeline) {
        seen.push(record.value);
        stop.abort();
      }
      assert.deepEqual(seen, ['started', 'cleaned up']);
      assert.equal((await pipeline.result).state, 'stopped');
    });

    it('ends a script that waits for an answer', async () => {
      const stop = new AbortController();
      const pipeline = engine.session.invoke('$Host.UI.ReadLine()', { signal: stop.signal, host: { readLine: () => {
        stop.abort();
        return new Promise<string>(() => undefined);
      } } });
      assert.equal((await pipeline.result).state, 'stopped');
    });

    it('ends a script that waits for input', async () => {
      const stop = new AbortController();
      const never = async function* (): AsyncGenerator<PSValue> {
        yield 1;
        stop.abort();
        await new Promise(() => undefined);
      };
      assert.equal((await engine.session.invoke('process { $_ }', { input: never(), signal: stop.signal }).result).state, 'stopped');
      assert.deepEqual(await engine.output('1'), [1]);
    });
  });

  it('is held back while nobody reads', async () => {
    const fresh = await openEngine();
    try {
      const pipeline = fresh.session.invoke("foreach ($i in 1..400) { 'x' * 100KB }");
      const records: StreamRecord[] = [];
      const iterator = pipeline[Symbol.asyncIterator]();
      await iterator.next();
      // What the process has written so far stops growing far below the 40 MB that it has to say.
      const written = (): number => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${fresh.channel.pid ?? 0}/io`, 'utf8'))?.[1]);
      let last = -1;
      let steady = 0;
      while (steady < 20) {
        const now = written();
        steady = now === last ? steady + 1 : 0;
        last = now;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.ok(last < 20e6, `${last} bytes were written`);
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) records.push(next.value);
      assert.equal(records.length, 399);
      assert.equal((await pipeline.result).state, 'completed');
    } finally {
      await fresh.close();
    }
  });

  it('that dies is a lost connection, and leaves no process', async () => {
    const { channel, remove } = await startEngine();
    const session = await openOverChannel(channel, { server: 'engine', transport: 'local process', encryption: undefined, allowAnyPowerShell: true });
    const pipeline = session.invoke("[System.Diagnostics.Process]::GetCurrentProcess().Kill()");
    await assert.rejects(pipeline.result, (e: RemoteError) => e.failure.reason === 'connection-lost' && e.message.includes('SIGKILL'));
    assert.equal((await session.closed)?.reason, 'connection-lost');
    assert.equal(existsSync(`/proc/${channel.pid ?? 0}`), false);
    await remove();
  });

  it('that is not Windows PowerShell 5.1 is refused', async () => {
    const { channel, remove } = await startEngine();
    await assert.rejects(openOverChannel(channel, { server: 'engine', transport: 'local process', encryption: undefined }), (e: RemoteError) => e.failure.reason === 'not-windows-powershell');
    await channel.ended;
    await remove();
  });
});

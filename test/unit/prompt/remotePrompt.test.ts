import assert from 'node:assert/strict';
import type { DangerId } from '../../../src/providers/prompt/dangerRules.ts';
import type { AskingScript, PromptPorts } from '../../../src/providers/prompt/promptPorts.ts';
import { RemotePrompt } from '../../../src/providers/prompt/remotePrompt.ts';
import { Screen } from '../../../src/providers/terminal/screen.ts';
import { Transcript } from '../../../src/providers/terminal/transcript.ts';
import type { InvokeOptions, Pipeline, PipelineResult, PowerShellSession, RemoteErrorRecord, SessionHost, StreamRecord } from '../../../src/session.ts';
import { deferred, failure, FakeSession } from '../providers/fakes.ts';
import { TestTerminal } from './terminal.ts';

const error = (message: string, exceptionType: string): RemoteErrorRecord => ({
  message, exceptionType, fullyQualifiedErrorId: '', category: { category: '', activity: '', reason: '', targetName: '', targetType: '' }, hresult: undefined, target: undefined, script: undefined, scriptStackTrace: undefined, inner: [], recommendedAction: undefined,
});
const result = (state: PipelineResult['state'], failed?: RemoteErrorRecord): PipelineResult => ({ state, hadErrors: failed !== undefined, error: failed, timings: { firstRecord: 0, total: 0 } });
const output = (text: string): StreamRecord => ({ stream: 'output', value: text });

/** What the server does with a script: records, and how it ends; a script that `hangs` ends when it is stopped. */
interface Answer { readonly records?: readonly StreamRecord[]; readonly error?: RemoteErrorRecord; readonly hangs?: boolean; readonly asks?: (host: SessionHost) => Promise<string> }

/** A server that answers as it is told, and remembers what it was sent. */
class ScriptedSession extends FakeSession {
  readonly sent: { script: string; options: InvokeOptions }[] = [];
  readonly answers = new Map<string, Answer>();
  stops = 0;

  override invoke(script = '', options: InvokeOptions = {}): Pipeline {
    this.sent.push({ script, options });
    const answer: Answer = script === 'prompt' ? { records: [output('PS C:\\Windows> ')] } : this.answers.get(script) ?? this.answers.get('*') ?? {};
    const done = deferred<PipelineResult>();
    let over = false;
    void done.promise.then(() => { over = true; });
    const stop = (): Promise<void> => {
      if (!over) this.stops++;
      done.resolve(result('stopped'));
      return Promise.resolve();
    };
    options.signal?.addEventListener('abort', () => void stop(), { once: true });
    return {
      result: done.promise, stop,
      async *[Symbol.asyncIterator]() {
        yield* answer.records ?? [];
        if (answer.asks !== undefined) yield output(await answer.asks(options.host ?? {}).catch((reason: unknown) => String(reason)));
        if (answer.hangs === true) await done.promise;
        done.resolve(answer.error === undefined ? result('completed') : result('failed', answer.error));
      },
    };
  }
}

interface World {
  readonly prompt: RemotePrompt;
  readonly terminal: TestTerminal;
  readonly transcript: Transcript;
  readonly session: ScriptedSession;
  readonly sessions: ScriptedSession[];
  readonly asked: (readonly DangerId[])[];
  readonly locks: string[];
  readonly said: { agree: boolean; refusal: string | undefined; paste: boolean; left: number; meanwhile?: () => void };
  readonly type: (text: string) => void;
  /** Waits until the last line of the screen fits. */
  readonly shows: (pattern: RegExp) => Promise<void>;
}

async function open(prepare: (session: ScriptedSession) => void = () => undefined): Promise<World> {
  const terminal = new TestTerminal(60);
  const transcript = new Transcript(1000, () => undefined);
  const sessions: ScriptedSession[] = [];
  const asked: (readonly DangerId[])[] = [];
  const locks: string[] = [];
  const said: World['said'] = { agree: false, refusal: undefined, paste: true, left: 0 };
  const ports: PromptPorts = {
    server: 'AADC01',
    open: () => {
      const session = new ScriptedSession();
      prepare(session);
      sessions.push(session);
      return Promise.resolve<PowerShellSession>(session);
    },
    refusal: () => said.refusal,
    confirm: (_script, dangers) => {
      asked.push(dangers);
      said.meanwhile?.();
      return Promise.resolve(said.agree);
    },
    confirmPaste: () => Promise.resolve(said.paste),
    host: (script: AskingScript) => ({ readLine: () => script.decline() }),
    locked: async (work) => {
      locks.push('taken');
      try { return await work(); } finally { locks.push('released'); }
    },
    left: () => { said.left++; },
    texts: { opening: 'Opening …', opened: (who) => `Open: ${who}`, stopping: '^C stopping', dropping: '^C dropping', notRun: 'Not run.', lost: (why) => `Lost: ${why}`, tooLong: (limit) => `Too long: ${limit}`, hidden: '(hidden)', locking: 'Locking …' },
  };
  const write = (text: string): void => { terminal.write(text); };
  const prompt = new RemotePrompt(ports, new Screen(write, transcript), transcript, write);
  prompt.resize(60, 24);
  const shows = async (pattern: RegExp): Promise<void> => {
    for (let turn = 0; turn < 2000; turn++) {
      if (pattern.test(terminal.lines.at(-1) ?? '')) return;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    assert.fail(`${String(pattern)} is not what the last line shows: ${terminal.lines.join('\n')}`);
  };
  await prompt.start();
  return { prompt, terminal, transcript, session: sessions[0]!, sessions, asked, locks, said, type: (text) => { prompt.input(text); }, shows };
}

const ready = /^\[AADC01\]: PS C:\\Windows>$/;

describe('remote prompt', () => {
  it('shows the server and where it stands, runs a line as it is and shows what the server formatted', async () => {
    const { terminal, session, transcript, type, shows } = await open((one) => one.answers.set('Get-Date', { records: [output(''), output('Thursday   '), { stream: 'warning', value: 'late' }] }));
    await shows(ready);
    type('Get-Date');
    assert.equal(terminal.lines.at(-1), '[AADC01]: PS C:\\Windows> Get-Date');
    type('\r');
    await shows(ready);
    assert.deepEqual(terminal.lines.slice(-5), ['[AADC01]: PS C:\\Windows> Get-Date', '', 'Thursday', 'WARNING: late', '[AADC01]: PS C:\\Windows>']);
    const sent = session.sent.find(({ script }) => script === 'Get-Date');
    assert.equal(sent?.options.scope, 'runspace');
    assert.deepEqual(sent.options.pipedTo, { command: 'Out-String', parameters: { Stream: true, Width: 59 } });
    assert.match(transcript.text(), /PS C:\\Windows> Get-Date\n\nThursday\nWARNING: late\n/);
    assert.match(terminal.raw, /\u001b\]633;A\u0007[^]*\u001b\]633;B\u0007[^]*\u001b\]633;E;Get-Date\u0007\u001b\]633;C\u0007[^]*\u001b\]633;D;0\u0007/);
  });

  it('never gives the terminal a control sequence of the server', async () => {
    const { terminal, type, shows } = await open((one) => one.answers.set('evil', { records: [output('\u001b]0;owned\u0007\u001b[2J\u009b31m')] }));
    type('evil\r');
    await shows(ready);
    assert.doesNotMatch(terminal.raw, /\u001b\]0;|\u001b\[2J|\u009b/);
  });

  it('goes on with the next line where the server found a command incomplete, and keeps it whole in its history', async () => {
    const { prompt, session, type, shows } = await open((one) => {
      one.answers.set('if (1) {', { error: error('Missing closing', 'System.Management.Automation.IncompleteParseException') });
      one.answers.set('if (1) {\n2', { error: error('Missing closing', 'System.Management.Automation.IncompleteParseException') });
    });
    type('if (1) {\r');
    await shows(/^>>$/);
    type('2\r');
    await shows(/^>>$/);
    type('}\r');
    await shows(ready);
    assert.equal(session.sent.filter(({ script }) => script === 'if (1) {\n2\n}').length, 1);
    assert.deepEqual(prompt.history, ['if (1) {\n2\n}']);
    type('if (1) {\r');
    await shows(/^>>$/);
    type('\u0003');
    await shows(ready);
  });

  it('shows what failed in red and goes on', async () => {
    const { terminal, type, shows } = await open((one) => one.answers.set('throw 1', { error: error('It broke.', 'System.Exception') }));
    type('throw 1\r');
    await shows(ready);
    assert.ok(terminal.raw.includes('\u001b[31mIt broke.\u001b[0m'));
    assert.ok(terminal.raw.includes('\u001b]633;D;1\u0007'));
  });

  it('stops what runs with Ctrl+C, waits for the server, and forgets what was typed ahead', async () => {
    const { session, terminal, type, shows } = await open((one) => one.answers.set('sleep', { records: [output('begun')], hangs: true }));
    type('sleep\r');
    await shows(/^begun$|^$/);
    type('typed ahead\r');
    type('\u0003');
    await shows(ready);
    assert.equal(session.stops, 1);
    assert.ok(terminal.lines.includes('^C stopping'));
    assert.ok(!session.sent.some(({ script }) => script === 'typed ahead'));
  });

  it('runs what was typed ahead once its turn has come', async () => {
    const { session, type, shows } = await open();
    type('one\r');
    type('two\r');
    type('thr');
    await shows(/> thr$/);
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt', 'one', 'prompt', 'two', 'prompt']);
  });

  it('asks about a dangerous command, does not run it, and holds the lock while it does', async () => {
    const { session, asked, locks, said, prompt, type, shows } = await open();
    type('& "miiskmu.exe" /a\r');
    await shows(ready);
    assert.deepEqual(asked, [['encryption-key']]);
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt']);
    said.agree = true;
    type('\u001b[A\r');
    await shows(ready);
    assert.equal(session.sent.filter(({ script }) => script === '& "miiskmu.exe" /a').length, 1);
    assert.deepEqual(locks, ['taken', 'released']);
    assert.deepEqual(prompt.history, ['& "miiskmu.exe" /a']);
  });

  it('keeps a line with a secret neither in its history nor in the transcript nor in a mark', async () => {
    const { session, asked, said, prompt, terminal, transcript, locks, type, shows } = await open();
    said.agree = true;
    type('$password = "Geheim1"\r');
    await shows(ready);
    assert.deepEqual(asked, [['secret']]);
    assert.equal(session.sent.filter(({ script }) => script.includes('Geheim1')).length, 1);
    assert.deepEqual(prompt.history, []);
    assert.doesNotMatch(transcript.text(), /Geheim1/);
    assert.match(transcript.text(), /\(hidden\)/);
    assert.doesNotMatch(terminal.raw, /\u001b\]633;E;[^\u0007]*Geheim1/);
    assert.deepEqual(locks, []);
  });

  it('runs nothing of what was agreed to where a run began while the person was asked', async () => {
    const { session, terminal, asked, said, type, shows } = await open();
    said.agree = true;
    said.meanwhile = () => { said.refusal = 'A run is under way.'; };
    type('& $x\r');
    await shows(ready);
    assert.deepEqual(asked, [['cannot-tell']]);
    assert.ok(terminal.lines.includes('A run is under way.'));
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt']);
  });

  it('asks again about a line that is dangerous by itself, whatever was agreed to in the lines before it', async () => {
    const { asked, said, type, shows } = await open((one) => {
      one.answers.set('1..2 | % { Stop-Service $_', { error: error('Missing brace', 'System.Management.Automation.IncompleteParseException') });
      one.answers.set('1..2 | % { Stop-Service $_\nGet-Date', { error: error('Missing brace', 'System.Management.Automation.IncompleteParseException') });
    });
    said.agree = true;
    type('1..2 | % { Stop-Service $_\r');
    await shows(/^>>$/);
    type('Get-Date\r');
    await shows(/^>>$/);
    type('Stop-Service ADSync }\r');
    await shows(ready);
    assert.deepEqual(asked, [['service'], ['service']]);
  });

  it('runs nothing while a run holds the server', async () => {
    const { session, terminal, said, type, shows } = await open();
    said.refusal = 'A run is under way.';
    type('Get-Date\r');
    await shows(ready);
    assert.ok(terminal.lines.includes('A run is under way.'));
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt']);
  });

  it('puts several lines in only where the person agreed, and runs none of them by itself', async () => {
    const { session, said, terminal, type, shows } = await open();
    said.paste = false;
    type('\u001b[200~one\ntwo\u001b[201~');
    // Keys are dropped while the question is open: the first one that is taken says that it was answered.
    for (let turn = 0; turn < 100 && !terminal.lines.at(-1)?.endsWith('x'); turn++) {
      type('x');
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    type('\u001b');
    await shows(ready);
    said.paste = true;
    type('\u001b[200~one\ntwo\n\u001b[201~');
    await shows(/^>> two$/);
    assert.equal(terminal.lines.at(-2), '[AADC01]: PS C:\\Windows> one');
    type('\r');
    await shows(ready);
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt', 'one\ntwo', 'prompt']);
  });

  it('completes by the server, in the last line of a held command as well', async () => {
    const { session, type, shows, terminal } = await open((one) => {
      one.answers.set('{', { error: error('', 'System.Management.Automation.IncompleteParseException') });
      one.answers.set('*', { records: ['2', '6', 'Get-Command', 'Get-\u001bContent', 'Get-Content'].map(output) });
    });
    type('{\r');
    await shows(/^>>$/);
    type('Get-Co\t');
    await shows(/^>> Get-Command$/);
    assert.deepEqual(session.sent.at(-1)?.options.parameters, { __text: '{\nGet-Co', __column: 8, __most: 200 });
    type('\t');
    await shows(/^>> Get-Content$/);
    assert.equal(terminal.bells, 0);
  });

  it('drops the answer to a completion that a key overtook', async () => {
    const { type, shows, session } = await open((one) => one.answers.set('*', { hangs: true }));
    type('Get-Co\t');
    type('x');
    await shows(/> Get-Cox$/);
    assert.equal(session.stops, 1);
  });

  it('stops a script whose question nobody answers', async () => {
    const { session, terminal, type, shows } = await open((one) => one.answers.set('Read-Host', { asks: async (host) => await host.readLine?.() ?? '', hangs: true }));
    type('Read-Host\r');
    await shows(ready);
    assert.equal(session.stops, 1);
    assert.ok(terminal.lines.some((line) => line.includes('The question was not answered.')));
  });

  it('says that its session is gone, keeps the line, and opens another one for it', async () => {
    const { session, sessions, terminal, type, shows } = await open();
    type('Get-D');
    session.end(failure('The network went.'));
    await shows(/> Get-D$/);
    assert.ok(terminal.lines.includes('Lost: The network went.'), terminal.lines.join('\n'));
    type('ate\r');
    await shows(ready);
    assert.deepEqual(sessions.map(({ sent }) => sent.map(({ script }) => script)), [['prompt'], ['prompt', 'Get-Date', 'prompt']]);
  });

  it('clears the screen here, since the server has none, and leaves with exit', async () => {
    const { session, terminal, said, type, shows } = await open();
    type('Clear-Host\r');
    await shows(ready);
    assert.equal(terminal.lines.length, 1);
    type('exit\r');
    await shows(ready);
    assert.equal(said.left, 1);
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt']);
  });

  it('closes its session with it', async () => {
    const { prompt, session, type } = await open();
    type('x');
    await prompt.close();
    assert.equal(session.alive, false);
    type('y\r');
    assert.deepEqual(session.sent.map(({ script }) => script), ['prompt']);
  });
});

import assert from 'node:assert/strict';
import { Screen } from '../../../src/providers/terminal/screen.ts';
import { Transcript } from '../../../src/providers/terminal/transcript.ts';
import type { ProgressRecord, StreamRecord } from '../../../src/session.ts';

const progress = (percent: number, completed = false): StreamRecord => ({ stream: 'progress', value: {
  activityId: 1, parentActivityId: -1, activity: 'Copying', status: 'file', currentOperation: '', percent, secondsRemaining: -1, completed,
} satisfies ProgressRecord });

function make(): { screen: Screen; out: () => string; transcript: Transcript } {
  let written = '';
  const transcript = new Transcript(100, () => undefined);
  return { screen: new Screen((text) => { written += text; }, transcript), out: () => written, transcript };
}

/** What a terminal of unlimited width would show of the bytes: carriage return and erase-line are honoured, styles and marks dropped. */
function shown(bytes: string): string[] {
  const lines: string[] = [];
  let line = '';
  const plain = bytes.replace(/\u001b\]633;[^\u0007]*\u0007/g, '').replace(/\u001b\[[0-9;]*m/g, '');
  for (let i = 0; i < plain.length; i++) {
    if (plain.startsWith('\r\n', i)) { lines.push(line); line = ''; i++; }
    else if (plain.startsWith('\r\u001b[K', i)) { line = ''; i += 3; }
    else line += plain[i] ?? '';
  }
  return [...lines, line];
}

describe('terminal screen', () => {
  it('breaks long lines between words, keeps their indent, and leaves the transcript whole', () => {
    const { screen, out, transcript } = make();
    screen.resize(20);
    screen.print('  The service runs as \u001b[1mCONTOSO\\svc\u001b[0m and\nends. ');
    screen.print('One more word\n');
    screen.print(`${'x'.repeat(50)} y\n`);
    assert.deepEqual(shown(out()), ['  The service runs', '  as CONTOSO\\svc and', 'ends. One more word', `${'x'.repeat(50)} y`, '']);
    assert.ok(shown(out()).slice(0, 3).every((line) => line.length <= 20));
    assert.match(transcript.text(), /^  The service runs as CONTOSO\\svc and\nends\. One more word\n/);
  });

  it('breaks no word, wherever the parts of a line end, and wide characters take two cells', () => {
    const { screen, out } = make();
    screen.resize(12);
    for (const part of ['alpha be', 'ta gam', 'ma delta', ' ', 'epsilon', '\n', '同期 サービス 停止\n']) screen.print(part);
    assert.deepEqual(shown(out()), ['alpha beta', 'gamma delta ', 'epsilon', '同期', 'サービス', '停止', '']);
  });

  it('colours each stream and ends every line', () => {
    const { screen, out } = make();
    screen.record({ stream: 'warning', value: 'careful' });
    screen.record({ stream: 'verbose', value: 'detail' });
    assert.equal(out(), '\u001b[33mWARNING: careful\u001b[0m\r\n\u001b[36mVERBOSE: detail\u001b[0m\r\n');
  });

  it('draws progress in place, below what is printed, and takes it away at its end', () => {
    const { screen, out } = make();
    screen.record(progress(10));
    screen.record(progress(20));
    screen.record({ stream: 'warning', value: 'meanwhile' });
    assert.match(shown(out()).at(-1) ?? '', /20 % Copying · file/);
    assert.equal(shown(out())[0], 'WARNING: meanwhile');
    screen.record(progress(100, true));
    assert.deepEqual(shown(out()), ['WARNING: meanwhile', '']);
  });

  it('never draws progress into an unfinished line', () => {
    const { screen, out } = make();
    const host = { foreground: 10, background: undefined, noNewLine: true };
    screen.record({ stream: 'information', value: { message: 'part', source: '', tags: [], host } });
    screen.record(progress(50));
    assert.deepEqual(shown(out()), ['part']);
    screen.record({ stream: 'information', value: { message: ' done', source: '', tags: [], host: { ...host, noNewLine: false } } });
    assert.equal(shown(out())[0], 'part done');
  });

  it('cuts progress to the terminal width, wide characters counted twice', () => {
    const { screen, out } = make();
    screen.resize(40);
    screen.record({ stream: 'progress', value: { activityId: 1, parentActivityId: -1, activity: '漢'.repeat(100), status: '', currentOperation: '', percent: -1, secondsRemaining: -1, completed: false } });
    const line = shown(out()).at(-1) ?? '';
    assert.ok(line.length + (line.match(/漢/g) ?? []).length < 40, line);
  });

  it('marks each section with its command line and exit code', () => {
    const { screen, out } = make();
    screen.begin('heading', 'Stop; the\\service');
    screen.print('text\n');
    screen.end(1);
    assert.equal(out(), '\u001b]633;A\u0007heading\u001b]633;B\u0007\u001b]633;E;Stop\\x3b the\\\\service\u0007\r\n\u001b]633;C\u0007text\r\n\u001b]633;D;1\u0007');
  });

  it('lets no sequence of a server through, on any stream', () => {
    const { screen, out } = make();
    const evil = 'x\u001b]633;D;0\u0007\u001b[2Jy';
    screen.record({ stream: 'output', value: evil });
    screen.record({ stream: 'warning', value: evil });
    screen.record({ stream: 'output', value: { kind: 'object', typeNames: [], toStringValue: undefined, value: undefined, properties: { [evil]: evil } } });
    screen.record({ stream: 'error', value: {
      message: evil, fullyQualifiedErrorId: evil, category: { category: '', activity: '', reason: '', targetName: '', targetType: '' }, exceptionType: evil, hresult: undefined,
      target: evil, script: { text: evil, line: 1, column: 1 }, scriptStackTrace: evil, inner: [{ type: evil, message: evil }], recommendedAction: undefined,
    } });
    screen.record({ stream: 'progress', value: { activityId: 1, parentActivityId: -1, activity: evil, status: evil, currentOperation: evil, percent: 1, secondsRemaining: -1, completed: false } });
    const rest = out().replace(/\u001b\[[0-9;]*m/g, '').replaceAll('\r\u001b[K', '');
    assert.doesNotMatch(rest, /[\u001b\u0007]/);
  });

  it('never shows a secret', () => {
    const { screen, out } = make();
    screen.record({ stream: 'output', value: { kind: 'object', typeNames: [], toStringValue: undefined, value: undefined, properties: { p: { kind: 'secure-string', reveal: () => 'hunter2' } } } });
    assert.doesNotMatch(out(), /hunter2/);
    assert.match(out(), /•/);
  });

  it('tells the transcript the same without styles or progress', () => {
    const { screen, transcript } = make();
    screen.begin('heading', 'heading');
    screen.record(progress(10));
    screen.record({ stream: 'warning', value: 'careful' });
    screen.end(0);
    assert.equal(transcript.text(), 'heading\nWARNING: careful\n');
  });

  it('keeps the latest lines of the transcript and says what it dropped', () => {
    const transcript = new Transcript(100, () => undefined);
    for (let n = 1; n <= 1000; n++) transcript.append(`line ${n}\n`);
    const lines = transcript.text().split('\n');
    assert.ok(lines.length <= 130);
    assert.match(lines[0] ?? '', /\d+ earlier lines were dropped/);
    assert.equal(lines.at(-2), 'line 1000');
  });
});

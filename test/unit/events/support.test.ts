import assert from 'node:assert/strict';
import { strFromU8, unzipSync } from 'fflate';
import { redactText, redactValue, redacted } from '../../../src/events/export/redaction.ts';
import { supportBounds, supportFiles, type SupportSource, type SupportText } from '../../../src/events/support/support-files.ts';
import { readTraceLogs } from '../../../src/events/reading/read-trace-logs.ts';
import { zipTexts } from '../../../src/storage/zipTexts.ts';
import type { PSObject, PSValue } from '../../../src/session.ts';
import { ScriptedSession } from '../events-reading/scripted-session.ts';

const object = (properties: Readonly<Record<string, PSValue>>): PSObject => ({ kind: 'object', typeNames: [], properties } as unknown as PSObject);
const piece = (name: string, text: string, problem = ''): PSObject => object({ name, text, problem });

function source(over: Partial<SupportSource> = {}): SupportSource {
  return { server: 'sync1', session: () => Promise.reject(new Error('no session; pwd=Hunter-22')), facts: {}, journals: [], hide: (text) => text, progress: () => undefined, ...over };
}

async function all(texts: AsyncIterable<SupportText>): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for await (const { file, text } of texts) files[file] = (files[file] ?? '') + text;
  return files;
}

describe('what leaves in a support package', () => {
  it('has no password, token or key in it, whatever writes them', () => {
    const secret = 'Sup3r-S3cret';
    for (const text of [
      `Data Source=.;User ID=sa;Password=${secret};Encrypt=True`, `PWD = '${secret}'`, `{"clientSecret":"${secret}"}`, `client_secret=${secret}&grant_type=x`, `tool.exe -Password ${secret} -Verbose`, `/pwd:${secret}`,
      `<d:Password i:type="x">${secret}</d:Password>`, `<adminPassword>${secret}</adminPassword>`, `Authorization: Bearer ${secret}${secret}${secret}`, `https://user:${secret}@host/x`, `AccountKey=${secret};`, `token eyJhbGciOiJIUzI1NiJ9.${secret.replaceAll('-', '_')}.abc`,
      `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`, `-----BEGIN PRIVATE KEY-----\n${secret} cut off`,
    ]) {
      const kept = redactText(text);
      assert.ok(!kept.includes(secret) && !kept.includes('Sup3r_S3cret'), kept);
      assert.ok(kept.includes(redacted), kept);
    }
    assert.equal(redactText('a known one: Typed#1', (text) => text.replaceAll('Typed#1', redacted)), `a known one: ${redacted}`);
  });

  it('keeps what is no secret', () => {
    for (const text of ['The password of the account was changed.', 'AADSTS50126: invalid username or password', 'Data Source=(localdb)\\.\\ADSync;Initial Catalog=ADSync', 'Basic Authentication is off', 'http://server:5985/wsman', 'Basic information']) assert.equal(redactText(text), text);
  });

  it('takes no longer for a text that is made to be slow', () => {
    for (const part of ['password', 'password   ', 'a.', '<password', 'https://a:', '-----BEGIN PRIVATE KEY-----', 'eyJ', 'pwd="', 'Bearer ']) redactText(part.repeat(65_536 / part.length));
    redactText(`password${' '.repeat(65_536)}`);
  }).timeout(20_000);

  it('takes values out of what is JSON by their names, and leaves it JSON', () => {
    assert.deepEqual(redactValue({ password: 'x', nested: [{ 'scmPassword': 'y', text: 'pwd=z', n: 1, none: null, big: 5n }] }), { password: redacted, nested: [{ scmPassword: redacted, text: `pwd=${redacted}`, n: 1, none: null, big: '5' }] });
  });
});

describe('a support package', () => {
  it('holds facts, journals, events and trace logs, each with its secrets taken out', async () => {
    const log = (name: string): PSObject[] => [object({ kind: 'begin', log: name, count: 0, oldest: 0, enabled: true, circular: true }), object({ kind: 'end', log: name, outcome: 'read', detail: '', rows: 0, unformatted: 0 })];
    const events = [...log('System'), ...log('Application'), ...log('Security'), ...log('Microsoft-Windows-Crypto-DPAPI/Operational')];
    events.splice(1, 0, object({ kind: 'batch', log: 'System', rows: 1, texts: ['ADSync', 'connect with Password=abc12345', '|pwd=abc12345|plain'], recordId: '7', time: '638000000000000000', id: '6208', level: '2', provider: '0', message: '1', data: '2' }));
    const session = new ScriptedSession(() => events, () => [piece('trace-20260102-030405.log', 'one\nPassword=abc12345\n'), piece('trace-20260102-030405.log', 'two\n'), piece('trace-20260101-030405.log', '', 'in use')]);
    const made = await all(supportFiles(source({
      session: () => Promise.resolve(session), facts: { 'findings.json': { title: 'abc12345 Typed#1' } }, hide: (text) => text.replaceAll('Typed#1', redacted),
      journals: [{ run: 'r/1', lines: () => Promise.resolve(['{"v":1,"note":"Password=abc12345"}', '{"cut pwd=abc12345']) }],
    }), new AbortController().signal));
    assert.deepEqual(Object.keys(made).sort(), ['events.events.jsonl', 'findings.json', 'journals/r_1.jsonl', 'problems.txt', 'trace/trace-20260102-030405.log']);
    assert.equal(JSON.stringify(made).replace('abc12345 ', '').includes('abc12345'), false, JSON.stringify(made));
    assert.equal(made['findings.json']?.includes('Typed#1'), false);
    assert.deepEqual((JSON.parse(made['events.events.jsonl'] ?? '') as { data: unknown }).data, [`pwd=${redacted}`, 'plain']);
    assert.equal(made['trace/trace-20260102-030405.log'], `one\nPassword=${redacted}\ntwo\n`);
    assert.match(made['problems.txt'] ?? '', /trace-20260101-030405\.log: in use/);
  });

  it('says what it could not read, and goes on without it', async () => {
    const made = await all(supportFiles(source({ facts: { 'versions.json': {} } }), new AbortController().signal));
    assert.deepEqual(Object.keys(made), ['versions.json', 'problems.txt']);
    assert.match(made['problems.txt'] ?? '', /no session; pwd=•/);
  });

  it('ends where it is cancelled', async () => {
    const cancel = new AbortController();
    const texts = supportFiles(source({ journals: [{ run: 'a', lines: () => { cancel.abort(new Error('called off')); return Promise.resolve(['{}']); } }] }), cancel.signal);
    await assert.rejects(all(texts), /called off/);
  });

  it('is bounded: journals, their lines, and the characters of trace logs', async () => {
    const many = Array.from({ length: supportBounds.journals + 5 }, (_, at) => ({ run: `run-${at}`, lines: () => Promise.resolve(Array.from({ length: supportBounds.journalLines + 5 }, () => '{}')) }));
    const made = await all(supportFiles(source({ journals: many }), new AbortController().signal));
    const journals = Object.entries(made).filter(([file]) => file.startsWith('journals/'));
    assert.equal(journals.length, supportBounds.journals);
    for (const [, text] of journals) assert.equal(text.split('\n').length - 1, supportBounds.journalLines);
    const session = new ScriptedSession(() => Array.from({ length: 100 }, () => piece('trace-1.log', 'x'.repeat(10))));
    let length = 0;
    for await (const { text } of readTraceLogs(session, { files: 1, lines: 1, characters: 35 })) length += text.length;
    assert.equal(length, 35);
    assert.equal(session.stops, 1);
    assert.ok(session.taken < 10);
  }).timeout(20_000);

  it('believes no name of a file that the server gives', async () => {
    for (const name of ['..\\x.log', 'trace-../../x.log', 'trace-1.log/..', '/etc/passwd', `trace-${'x'.repeat(200)}.log`]) {
      await assert.rejects(async () => { for await (const one of readTraceLogs(new ScriptedSession(() => [piece(name, 'x')]), { files: 1, lines: 1, characters: 10 })) assert.fail(one.name); }, /a trace log of a name/);
    }
  });

  it('is one archive that others read', async () => {
    const chunks: Uint8Array[] = [];
    async function* texts(): AsyncGenerator<SupportText> {
      await Promise.resolve();
      for (let at = 0; at < 50; at++) yield { file: 'long.txt', text: `line ${at} é終\n`.repeat(500) };
      yield { file: 'trace/short.txt', text: 'end' };
    }
    for await (const chunk of zipTexts(texts())) chunks.push(chunk);
    const files = unzipSync(new Uint8Array(Buffer.concat(chunks)));
    assert.deepEqual(Object.keys(files), ['long.txt', 'trace/short.txt']);
    assert.equal(strFromU8(files['long.txt'] ?? new Uint8Array()), Array.from({ length: 50 }, (_, at) => `line ${at} é終\n`.repeat(500)).join(''));
    assert.equal(strFromU8(files['trace/short.txt'] ?? new Uint8Array()), 'end');
    await assert.rejects(async () => { for await (const chunk of zipTexts((async function* (): AsyncGenerator<SupportText> { yield await Promise.resolve({ file: 'a', text: 'b' }); throw new Error('broke off'); })())) assert.ok(chunk); }, /broke off/);
  });
});

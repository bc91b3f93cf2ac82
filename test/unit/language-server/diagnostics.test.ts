import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-types';
import { parseServersFile, type ServersFile } from '../../../src/inventory/parse.ts';
import { marked } from '../inventory/marked.ts';
import { Connected, uri } from './connected.ts';

const entry = (keys: string): string => `version: 1\nservers:\n  - name: A\n    host: a\n    user: u\n    transport: ssh\n${keys}`;

/** What a fix makes of the text. */
const applied = (text: string, action: CodeAction | undefined): string => TextDocument.applyEdits(TextDocument.create(uri, '', 1, text), action?.edit?.changes?.[uri] ?? []);

describe('the language server\'s diagnostics', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['an unknown key', entry('    «prot»: 22\n'), 'unknown-key'],
    ['a wrong type', entry('    port: «"22"»\n'), 'wrong-type'],
    ['a second server of a name', `${entry('')}  - {name: «a», host: b, user: u, transport: ssh}\n`, 'duplicate-server'],
    ['a key file that is missing', entry('    identityFile: «~/.ssh/gone»\n'), 'missing-file'],
    ['a secret', entry('    «password»: hunter2\n'), 'secret-in-file'],
    ['Basic over HTTP', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: winrm, auth: basic, «scheme»: http}\n', 'basic-over-http'],
  ];
  for (const [what, text, code] of cases) {
    it(`place ${what}`, async () => {
      await using server = await Connected.open({ files: ['/home/me/.ssh/id'] });
      const { text: plain, places: [place] } = marked(text);
      await server.show(plain);
      const diagnostics = await server.diagnostics();
      const document = TextDocument.create(uri, '', 1, plain);
      assert.deepEqual(diagnostics.map((diagnostic) => [diagnostic.code, document.offsetAt(diagnostic.range.start), document.offsetAt(diagnostic.range.end), diagnostic.source]), [[code, place!.start, place!.end, 'Entra Connect']]);
      assert.doesNotMatch(JSON.stringify(diagnostics), /hunter2/);
    });
  }

  it('leave a key file alone that is there, and never ask for one on another machine', async () => {
    const asked: string[] = [];
    await using server = await Connected.open({ files: ['/home/me/.ssh/id'], analyser: { analyse: (text) => { const file = parseServersFile(text, { home: '/home/me' }); asked.push(...file.paths.map(({ path }) => path)); return Promise.resolve(file); }, dispose: () => undefined } });
    await server.show(`${entry('    identityFile: ~/.ssh/id\n')}  - {name: B, host: b, user: u, transport: ssh, identityFile: '\\\\evil\\share\\id'}\n`);
    assert.deepEqual(await server.diagnostics(), []);
    assert.equal(asked.length, 2);
  });

  it('follow what is typed, and go with the file', async () => {
    await using server = await Connected.open();
    await server.show(entry(''));
    assert.deepEqual(await server.diagnostics(), []);
    await server.type({ line: 6, character: 0 }, '    prot: 22\n');
    assert.deepEqual((await server.diagnostics()).map(({ code }) => code), ['unknown-key']);
    const gone = new Promise<Diagnostic[]>((resolve) => { server.client.onNotification('textDocument/publishDiagnostics', ({ diagnostics }: { diagnostics: Diagnostic[] }) => { resolve(diagnostics); }); });
    await server.client.sendNotification('textDocument/didClose', { textDocument: { uri } });
    assert.deepEqual(await gone, []);
  });

  it('of an older version are not shown once more was typed', async () => {
    const readings: { readonly text: string; readonly give: (file: ServersFile) => void }[] = [];
    let began = (): void => undefined;
    const begun = (count: number): Promise<void> => new Promise((resolve) => {
      began = () => { if (readings.length >= count) resolve(); };
      began();
    });
    await using server = await Connected.open({ analyser: { analyse: (text) => new Promise((give) => { readings.push({ text, give }); began(); }), dispose: () => undefined } });
    await server.show(entry('    prot: 22\n'));
    await begun(1);
    await server.type({ line: 6, character: 5 }, 'x');
    await begun(2);
    for (const { text, give } of readings) give(parseServersFile(text, { home: '/' }));
    assert.equal((await server.diagnostics()).length, 1);
  });

  it('stay bounded, whatever the file holds', async () => {
    await using server = await Connected.open();
    const bombs = ['x'.repeat(10_000_000), '['.repeat(100_000), `a: &a [${'*a,'.repeat(1000)}]`, `version: 1\nx-a: &a {port: 1}\n${'servers: [{<<: *a}]\n'.repeat(50)}`];
    for (const text of bombs) {
      await server.show(text);
      assert.ok((await server.diagnostics()).length <= 201);
      await server.ask('completion', { position: { line: 0, character: 5 } });
      await server.ask('documentSymbol');
      assert.deepEqual(await server.ask('formatting', { options: { tabSize: 2, insertSpaces: true } }) === null, false);
      await server.client.sendNotification('textDocument/didClose', { textDocument: { uri } });
    }
  }).timeout(30_000);
});

describe('the language server\'s quick fixes', () => {
  const fixes = async (server: Connected, text: string): Promise<CodeAction[]> => {
    await server.show(text);
    const diagnostics = await server.diagnostics();
    return await server.ask<CodeAction[]>('codeAction', { range: diagnostics[0]!.range, context: { diagnostics } });
  };
  const cases: readonly (readonly [string, string, string])[] = [
    ['rename a key to the nearest one', entry('    prot: 22\n'), entry('    port: 22\n')],
    ['correct a value to the nearest one', entry('').replace('ssh', 'shh'), entry('')],
    ['switch to https where http is said', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: winrm, auth: basic, scheme: http}\n', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: winrm, auth: basic, scheme: https}\n'],
    ['switch to https where the defaults say http', 'version: 1\ndefaults: {scheme: http}\nservers:\n  - name: A\n    host: a\n    user: u\n    transport: winrm\n    auth: basic # old\n', 'version: 1\ndefaults: {scheme: http}\nservers:\n  - name: A\n    host: a\n    user: u\n    transport: winrm\n    auth: basic\n    scheme: https # old\n'],
    ['add the version', 'servers: []\n', 'version: 1\nservers: []\n'],
  ];
  for (const [what, before, after] of cases) {
    it(what, async () => {
      await using server = await Connected.open();
      const [action] = await fixes(server, before);
      assert.equal(applied(before, action), after);
      assert.equal(action?.isPreferred, true);
      assert.deepEqual(parseServersFile(after, { home: '/' }).problems, []);
    });
  }

  it('hand a secret to the client\'s command, and never carry it', async () => {
    await using server = await Connected.open();
    const [action] = await fixes(server, entry('    password: hunter2\n'));
    assert.deepEqual(action?.command?.arguments, [uri, { start: { line: 6, character: 4 }, end: { line: 6, character: 12 } }]);
    assert.equal(action.command.command, 'test.moveSecret');
    assert.doesNotMatch(JSON.stringify(action), /hunter2/);
  });

  it('offer no command that the client did not name', async () => {
    await using server = await Connected.open({ initialization: {} });
    assert.deepEqual(await fixes(server, entry('    password: hunter2\n')), []);
  });

  it('leave a fine file alone', async () => {
    await using server = await Connected.open();
    await server.show(entry(''));
    const none: TextEdit[] = await server.ask('codeAction', { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, context: { diagnostics: [] } });
    assert.deepEqual(none, []);
  });
});

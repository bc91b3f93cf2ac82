import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, DocumentSymbol, FoldingRange, Hover, Location, SemanticTokens, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { Connected, cursor, uri } from './connected.ts';

const estate = `# The estate
version: 1
defaults:
  transport: ssh # everywhere
  user: CONTOSO\\me
groups:
  - name: Production
    defaults:
      role: active
    servers:
      - name: AADC01
        host: aadc01.example
      - { name: AADC02, host: aadc02.example }
servers:
  - name: 'Old one'
    host: old.example
`;

describe('the language server completes', () => {
  const labels = async (text: string): Promise<string[]> => {
    await using server = await Connected.open();
    const { text: plain, position } = cursor(text);
    await server.show(plain);
    return (await server.ask<CompletionItem[]>('completion', { position })).map(({ label }) => label);
  };
  const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ['keys of the file', 'version: 1\n|', ['defaults', 'groups', 'servers'], ['version', 'host']],
    ['keys of a server', 'version: 1\nservers:\n  - name: A\n    |', ['host', 'transport', 'notes'], ['name', 'servers', 'version']],
    ['keys of a server in a group', estate.replace('        host: aadc01', '        po|\n        host: aadc01'), ['port', 'user'], ['name', 'host', 'groups']],
    ['keys of a group', 'version: 1\ngroups:\n  - name: G\n    |', ['defaults', 'servers'], ['name', 'host']],
    ['keys of defaults', 'version: 1\ndefaults:\n  user: u\n  |', ['transport', 'identityFile'], ['user', 'name', 'host']],
    ['keys of a group\'s defaults', 'version: 1\ngroups:\n  - name: G\n    defaults:\n      |', ['transport'], ['name', 'servers']],
    ['keys of a new entry', 'version: 1\nservers:\n  - |', ['name', 'host'], ['version']],
    ['keys of a list at the margin', 'version: 1\nservers:\n- name: A\n  |', ['host'], ['name', 'version']],
    ['keys inside of braces', 'version: 1\nservers:\n  - {name: A, |}', ['host'], ['name', 'version']],
    ['keys of a template', 'version: 1\nx-base:\n  |', ['transport'], ['version']],
    ['choices', 'version: 1\nservers:\n  - name: A\n    transport: |', ['ssh', 'winrm', 'local'], ['name']],
    ['choices inside of braces', 'version: 1\ndefaults: {role: |}', ['active', 'staging'], []],
    ['the version', 'version: |', ['1'], []],
    ['servers as jump hosts', estate.replace('    host: old', '    jump: |\n    host: old'), ['AADC01', 'Old one'], ['ssh']],
    ['nothing in a comment', 'version: 1 # |', [], ['servers', '1']],
    ['nothing in a name', 'version: 1\nservers:\n  - name: |', [], ['host', 'ssh']],
    ['nothing below what the format does not know', 'version: 1\ncolours:\n  |', [], ['host', 'version']],
    ['nothing for a password', 'version: 1\nservers:\n  - name: A\n    password: |', [], ['ssh']],
  ];
  for (const [what, text, wanted, unwanted] of cases) {
    it(what, async () => {
      const found = await labels(text);
      for (const label of wanted) assert.ok(found.includes(label), `${label} is missing in ${found.join()}`);
      for (const label of unwanted) assert.ok(!found.includes(label), `${label} should not be in ${found.join()}`);
      if (wanted.length === 0) assert.deepEqual(found, []);
    });
  }

  it('with the documentation of the schema, replacing the word that is there', async () => {
    await using server = await Connected.open();
    const { text, position } = cursor('version: 1\nservers:\n  - name: A\n    hos|\n');
    await server.show(text);
    const host = (await server.ask<CompletionItem[]>('completion', { position })).find(({ label }) => label === 'host');
    assert.match(JSON.stringify(host?.documentation), /DNS name or IP address/);
    assert.equal(TextDocument.applyEdits(TextDocument.create(uri, '', 1, text), [host!.textEdit as TextEdit]), 'version: 1\nservers:\n  - name: A\n    host: \n');
  });
});

describe('the language server explains', () => {
  const hover = async (text: string): Promise<string | undefined> => {
    await using server = await Connected.open();
    const { text: plain, position } = cursor(text);
    await server.show(plain);
    const found = await server.ask<Hover | null>('hover', { position });
    return found === null ? undefined : JSON.stringify(found.contents);
  };
  it('keys and the keys of values', async () => {
    assert.match(await hover('version: 1\nservers:\n  - name: A\n    po|rt: 22\n') ?? '', /5985 for WinRM over http/);
    assert.match(await hover('version: 1\nservers:\n  - {name: A, transport: s|sh}\n') ?? '', /How the server is reached/);
    assert.match(await hover('version: 1\ngro|ups: []\n') ?? '', /Groups of servers/);
  });
  it('nothing that the format does not know', async () => {
    assert.equal(await hover('version: 1\ncol|our: red\n'), undefined);
    assert.equal(await hover('# ver|sion\n'), undefined);
  });
});

describe('the language server outlines', () => {
  it('groups and servers', async () => {
    await using server = await Connected.open();
    await server.show(estate);
    const symbols = await server.ask<DocumentSymbol[]>('documentSymbol');
    assert.deepEqual(symbols.map(({ name, children }) => [name, children?.map((child) => [child.name, child.detail])]), [['Production', [['AADC01', 'aadc01.example'], ['AADC02', 'aadc02.example']]], ['Old one', undefined]]);
  });

  it('what can be folded', async () => {
    await using server = await Connected.open();
    await server.show(`# one\n# two\n${estate}`);
    const folds = await server.ask<FoldingRange[]>('foldingRange');
    assert.deepEqual(folds.map(({ startLine, endLine, kind }) => [startLine, endLine, kind]), [[0, 2, 'comment'], [4, 6, undefined], [7, 14, undefined], [8, 14, undefined], [12, 13, undefined], [15, 17, undefined], [16, 17, undefined]]);
  });

  it('names, choices, anchors and aliases by their meaning', async () => {
    await using server = await Connected.open();
    const text = 'version: 1\ndefaults: {user: &u me}\nservers:\n  - name: A\n    host: a\n    user: *u\n    transport: ssh\n';
    await server.show(text);
    const { data } = await server.ask<SemanticTokens>('semanticTokens/full');
    const lines = text.split('\n');
    const shown: [string, number][] = [];
    for (let at = 0, line = 0, start = 0; at < data.length; at += 5) {
      start = data[at] === 0 ? start + data[at + 1]! : data[at + 1]!;
      line += data[at]!;
      shown.push([lines[line]!.slice(start, start + data[at + 2]!), data[at + 3]!]);
    }
    assert.deepEqual(shown, [['&u', 3], ['A', 0], ['*u', 3], ['ssh', 2]]);
  });
});

describe('the language server follows names', () => {
  const jumping = 'version: 1\ndefaults: {transport: ssh, user: u}\nservers:\n  - name: Gate\n    host: g\n  - {name: A, host: a, jump: "me@gate:22,other.example"}\n  - {name: B, host: b, jump: Gate}\n  - {name: C, host: c, jump: other.example}\n';
  const at = (text: string): { line: number; character: number } => cursor(text).position;

  it('from a jump host to its server, and from an alias to its anchor', async () => {
    await using server = await Connected.open();
    await server.show(jumping);
    const found = await server.ask<Location>('definition', { position: at(jumping.replace('jump: Gate', 'jump: Ga|te')) });
    assert.deepEqual(found.range, { start: { line: 3, character: 10 }, end: { line: 3, character: 14 } });
    const places = await server.ask<Location[]>('references', { position: { line: 3, character: 11 }, context: { includeDeclaration: false } });
    assert.deepEqual(places.map(({ range }) => range.start), [{ line: 5, character: 33 }, { line: 6, character: 29 }]);
    await server.show('version: 1\ndefaults: {user: &u me}\nx-a: {user: *u}\n');
    assert.deepEqual((await server.ask<Location>('definition', { position: { line: 2, character: 13 } })).range.start, { line: 1, character: 17 });
  });

  const renamed = async (text: string, position: object, newName: string): Promise<string> => {
    await using server = await Connected.open();
    await server.show(text);
    const edit = await server.ask<WorkspaceEdit>('rename', { position, newName });
    return TextDocument.applyEdits(TextDocument.create(uri, '', 1, text), edit.changes?.[uri] ?? []);
  };

  it('to rename a server everywhere it is a jump host', async () => {
    assert.equal(await renamed(jumping, { line: 3, character: 11 }, 'Door'), jumping.replaceAll(/Gate|gate/g, 'Door'));
  });

  it('to rename a jump host that is no server of the file', async () => {
    assert.equal(await renamed(jumping, at(jumping.replace('jump: other', 'jump: o|ther')), 'new.example'), jumping.replaceAll('other.example', 'new.example'));
  });

  it('to a name that needs quotes, which then reads back', async () => {
    const after = await renamed(jumping, { line: 3, character: 11 }, 'the: "gate" #1');
    const { servers, problems } = parseServersFile(after, { home: '/' });
    assert.equal(servers[0]?.name, 'the: "gate" #1');
    assert.deepEqual(problems.filter(({ code }) => code === 'syntax'), []);
  });

  it('and refuses a name that another server has, or that is none', async () => {
    await assert.rejects(renamed(jumping, { line: 3, character: 11 }, 'a'), /Another server has the name a already/);
    await assert.rejects(renamed(jumping, { line: 3, character: 11 }, 'a\nb'), /one line/);
  });
});

describe('the language server formats', () => {
  const format = async (text: string): Promise<string> => {
    await using server = await Connected.open();
    await server.show(text);
    return TextDocument.applyEdits(TextDocument.create(uri, '', 1, text), await server.ask<TextEdit[]>('formatting', { options: { tabSize: 2, insertSpaces: true } }));
  };

  it('keeping comments, quotes, anchors and meaning, and changes nothing the second time', async () => {
    const ragged = '# top\nversion:   1\n\n# about\ndefaults:\n      transport:    ssh    # why\n      user: &u "me"\nservers:\n- name: A # first\n  host: a\n\n# second\n- {name: B,   host: b, user: *u}\n# end\n';
    const once = await format(ragged);
    assert.notEqual(once, ragged);
    for (const comment of ['# top', '# about', '# why', '# first', '# second', '# end', '&u "me"', '*u']) assert.ok(once.includes(comment), `${comment} in ${once}`);
    assert.equal(await format(once), once);
    const meaning = (text: string): unknown => parseServersFile(text, { home: '/' }).servers.map(({ target }) => target);
    assert.deepEqual(meaning(once), meaning(ragged));
  });

  it('and leaves a file with errors, or none, alone', async () => {
    for (const text of ['version: [', '', 'a: 1\n---\nb: 2\n', estate]) assert.equal(await format(text), text);
  });
});

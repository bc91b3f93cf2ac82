import assert from 'node:assert/strict';
import fc from 'fast-check';
import { longestText } from '../../../src/inventory/bounds.ts';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { mostProblems } from '../../../src/inventory/problem.ts';
import { lineAndColumn } from './marked.ts';
import { cases, fuzzing } from '../../cases.ts';

describe('a hostile servers file', () => {
  const files: readonly (readonly [string, string, string])[] = [
    ['10 MB of keys', Array.from({ length: 700_000 }, (_, at) => `key${at}: ${at}`).join('\n'), 'too-large'],
    ['10 MB of one word', 'x'.repeat(10_000_000), 'too-large'],
    ['a megabyte of brackets', '['.repeat(longestText), 'too-deep'],
    ['a thousand brackets behind text', `version: 1\nservers: ${'['.repeat(1000)}`, 'too-deep'],
    ['a thousand braces', '{a: '.repeat(1000), 'too-deep'],
    ['nested list marks on one line', '- '.repeat(50_000), 'too-deep'],
    ['nested key marks on one line', '? '.repeat(50_000), 'too-deep'],
    ['ever deeper lines', Array.from({ length: 1200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), 'too-deep'],
    ['ever deeper lines after block text', `a: |\n x\n${Array.from({ length: 1200 }, (_, at) => `${' '.repeat(at)}b:`).join('\n')}`, 'too-deep'],
    ['a million quotes', '"'.repeat(1_000_000), 'too-large'],
    ['a million commas', `[${','.repeat(1_000_000)}`, 'too-large'],
    ['a million empty lines', '\n'.repeat(1_000_000), 'too-large'],
    ['anchors on anchors', '&a '.repeat(300_000), 'too-large'],
    ['an alias bomb', `version: 1\nservers:\n${Array.from({ length: 30 }, (_, at) => `  - &a${at} {name: n${at}, notes: ${at === 0 ? 'x' : `[*a${at - 1}, *a${at - 1}, *a${at - 1}]`}}`).join('\n')}\n`, 'missing-key'],
    ['an alias to itself', 'version: 1\nservers: &a\n  - *a\n', 'alias'],
  ];
  for (const [what, text, code] of files) {
    it(`is refused in bounded time and memory: ${what}`, () => {
      const { problems, servers } = parseServersFile(text, { home: '/' });
      assert.equal(problems[0]?.code, code);
      assert.ok(problems.length <= mostProblems + 1);
      assert.equal(servers.every((entry) => entry.target === undefined), true);
    });
  }

  it('gives at most so many problems, and says that there are more', () => {
    const { problems } = parseServersFile(`version: 1\n${Array.from({ length: 1000 }, (_, at) => `key${at}: 1`).join('\n')}`, { home: '/' });
    assert.equal(problems.length, mostProblems + 1);
    assert.equal(problems.filter((problem) => problem.code === 'too-many').length, 1);
  });

  it('reads a file of 800 servers with every key', () => {
    const entry = (at: number): string => `  - {name: S${at}, host: h${at}, user: u, transport: ssh, port: 22, role: active, identityFile: ~/id, computerName: C, serviceAccount: a, notes: n}`;
    const { problems, servers } = parseServersFile(`version: 1\nservers:\n${Array.from({ length: 800 }, (_, at) => entry(at)).join('\n')}\n`, { home: '/' });
    assert.deepEqual(problems, []);
    assert.equal(servers.length, 800);
  });

  const words = fc.constantFrom('version: 1', 'servers:', 'groups:', 'defaults:', '- ', '  ', '    ', 'name: A', 'host: a', 'transport: ssh', 'user: u', 'port: 22', 'password: x', ':', ': ', '?', '? ', '[', ']', '{', '}', ',', '*a', '&a ', '!!str ', '!x ', '|', '>', '"', "'", '#', '%YAML 1.1', '---', '...', '\n', '\r\n', '\r', '\t', '\ufeff', '\u0000', '\ud800', '😀', '\\', '<<: ', '@', '`', '~');
  it('never throws, and every place lies in the text', () => {
    fc.assert(fc.property(fc.oneof(fc.array(words, { maxLength: 60 }).map((list) => list.join('')), fc.string({ maxLength: 80, unit: 'binary' })), (text) => {
      for (const { range: { start, end } } of parseServersFile(text, { home: '/' }).problems) {
        assert.ok(start.offset >= 0 && start.offset <= end.offset && end.offset <= text.length);
        if (!text.includes('\ufeff') && !/\r(?!\n)/.test(text)) assert.deepEqual({ line: start.line, column: start.column }, lineAndColumn(text, start.offset));
      }
    }), cases(3000));
  }).timeout(fuzzing ? 0 : 60_000);

  it('never gives a target to a file whose entry has an error', () => {
    const valid = 'version: 1\nservers:\n  - name: A\n    host: a.example\n    user: u\n    transport: ssh\n    port: 22\n';
    fc.assert(fc.property(fc.nat(valid.length), fc.nat(5), words, (at, cut, word) => {
      const { servers, problems } = parseServersFile(valid.slice(0, at) + word + valid.slice(at + cut), { home: '/' });
      for (const entry of servers) {
        const inside = problems.some((problem) => problem.severity === 'error' && (problem.code === 'syntax' || (problem.range.start.offset >= entry.range.start.offset && problem.range.start.offset < entry.range.end.offset)));
        if (inside) assert.equal(entry.target, undefined);
      }
    }), cases(2000));
  }).timeout(fuzzing ? 0 : 60_000);
});

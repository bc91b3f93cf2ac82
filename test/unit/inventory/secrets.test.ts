import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { serversFileSchema } from '../../../src/inventory/schema.ts';

const entry = (more: string): string => `  - { name: A, host: a, user: u, transport: ssh${more} }\n`;
const places: readonly (readonly [string, (key: string) => string])[] = [
  ['an entry', (key) => `version: 1\nservers:\n${entry(`, ${key}: hunter2`)}`],
  ['the defaults', (key) => `version: 1\ndefaults: { ${key}: hunter2 }\nservers:\n${entry('')}`],
  ['a group\'s defaults', (key) => `version: 1\ngroups:\n  - name: G\n    defaults: { ${key}: hunter2 }\n    servers:\n    ${entry('').trim()}\n`],
];

describe('secrets in what people write', () => {
  for (const [where, text] of places) {
    for (const key of ['password', 'passphrase']) {
      it(`a ${key} in ${where} is an error that does not repeat it, and nothing is connected to with it`, () => {
        const file = parseServersFile(text(key), { home: '/home/me' });
        assert.deepEqual(file.problems.map(({ code }) => code), ['secret-in-file']);
        assert.doesNotMatch(JSON.stringify(file.problems), /hunter2/);
        const servers = [...file.servers, ...file.groups.flatMap((group) => group.servers)];
        assert.doesNotMatch(JSON.stringify(servers.map(({ target }) => target)), /hunter2/);
      });
    }
  }

  it('have no place in the servers file\'s format or in the settings', () => {
    const words = /passw|passphrase|secret|token|credential/i;
    const keys: string[] = [];
    JSON.stringify(serversFileSchema(), (key, value: unknown) => { if (key === 'properties') keys.push(...Object.keys(value as object)); return value; });
    assert.ok(keys.includes('identityFile'));
    assert.deepEqual(keys.filter((key) => words.test(key)), []);
    const { contributes } = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as { contributes: { configuration: readonly { properties: object }[] } };
    assert.deepEqual(contributes.configuration.flatMap(({ properties }) => Object.keys(properties)).filter((key) => words.test(key)), []);
  });
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { serverKeyNames } from '../../../src/inventory/keys.ts';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { serversFileSchema } from '../../../src/inventory/schema.ts';
import { cases, fuzzing } from '../../cases.ts';

/** Problems that no JSON schema of one entry can see. */
const semantic = new Set(['missing-key', 'duplicate-server', 'duplicate-group', 'contradiction', 'basic-over-http', 'unknown-jump', 'jump-cycle']);

describe('the JSON schema of the servers file', () => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(serversFileSchema() as object);

  it('is the file that is shipped (write it anew from serversFileSchema() after a change)', async () => {
    assert.deepEqual(JSON.parse(await readFile('media/servers-file.schema.json', 'utf8')), serversFileSchema());
  });

  it('knows every key of an entry and no other', () => {
    const { definitions } = serversFileSchema() as { definitions: { server: { properties: object } } };
    assert.deepEqual(Object.keys(definitions.server.properties), serverKeyNames);
  });

  it('agrees with the parser about any file', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>('ssh', 'local', 'winrm', 'key', 'password', 'kerberos', 'active', 'staging', 'http', '~/id', '/etc/id', 'C:\\id', 'id', 'a.example', '::1', 'a:22', '-x', '', '  ', 'a\nb', 'x'.repeat(101), '😀'.repeat(60), '😀'.repeat(101), null, true, 0, 22, 65536, 1.5, [], {}),
      fc.string({ maxLength: 8, unit: 'binary' }),
    );
    const fine: Partial<Record<string, fc.Arbitrary<unknown>>> = {
      host: fc.constant('a.example'), role: fc.constantFrom('active', 'staging'), transport: fc.constantFrom('ssh', 'local'), scheme: fc.constant('https'), port: fc.integer({ min: 1, max: 65535 }),
      auth: fc.constant('password'), identityFile: fc.constant('~/id'), caFile: fc.constant('/ca'), certificateFile: fc.constant('/c'), keyFile: fc.constant('/k'),
    };
    const known = Object.fromEntries(serverKeyNames.map((name) => [name, fc.oneof({ weight: 25, arbitrary: fine[name] ?? fc.constant('text') }, value)]));
    const entry = fc.record({ ...known, password: value, Host: value, constructor: value, extra: value }, { requiredKeys: [] }).chain((all) =>
      fc.subarray(Object.keys(all), { maxLength: 6 }).map((names) => Object.fromEntries(names.filter((name) => name in known || names.length > 5).map((name) => [name, (all as Record<string, unknown>)[name]]))));
    const named = fc.record({ name: fc.constantFrom('A', 'B', 'C', 'D'), entry }).map(({ name, entry: rest }) => ({ ...rest, name }));
    const servers = fc.oneof({ weight: 12, arbitrary: fc.array(fc.oneof({ weight: 12, arbitrary: named }, entry), { maxLength: 2 }) }, value);
    const inherited = fc.oneof({ weight: 8, arbitrary: fc.record({ transport: fc.constant('ssh'), user: fc.constant('u') }, { requiredKeys: [] }) }, entry, value);
    const group = fc.record({ name: fc.oneof({ weight: 12, arbitrary: fc.constantFrom('G', 'H') }, value), defaults: inherited, servers }, { requiredKeys: ['name'] });
    const groups = fc.oneof({ weight: 12, arbitrary: fc.array(fc.oneof({ weight: 12, arbitrary: group }, value), { maxLength: 2 }) }, value);
    const file = fc.record({ version: fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, value), defaults: inherited, groups, servers }, { requiredKeys: ['version'] });
    let valid = 0;
    fc.assert(fc.property(file, (content) => {
      const text = stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
      const errors = parseServersFile(text, { home: '/' }).problems.filter((problem) => problem.severity === 'error' && !semantic.has(problem.code));
      // What the schema sees is what was written: the same text, read by the same YAML rules.
      const accepted = validate(JSON.parse(JSON.stringify(content)));
      if (accepted) valid += 1;
      const missingName = validate.errors?.every((error) => error.keyword === 'required' && error.params['missingProperty'] === 'name') ?? false;
      if (accepted) assert.deepEqual(errors, [], text);
      else if (!missingName) assert.notEqual(errors.length, 0, `${text}\n${JSON.stringify(validate.errors)}`);
    }), { ...cases(2000), ...(fuzzing ? {} : { seed: 20261123 }) });
    assert.ok(valid > cases(100).numRuns && valid < cases(1900).numRuns, `${valid} valid files`);
  }).timeout(fuzzing ? 0 : 60_000);
});

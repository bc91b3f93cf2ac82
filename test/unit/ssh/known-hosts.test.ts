import assert from 'node:assert/strict';
import fc from 'fast-check';
import { algorithmsOf, fingerprint, keyType, recordedName } from '../../../src/remote/ssh/host-key.ts';
import { parseKnownHosts } from '../../../src/remote/ssh/known-hosts.ts';
import { blob, ecdsa, ed25519, hashed, rsa } from './vectors.ts';

/** Which of the file's lines are about a host. */
function linesFor(text: string, host: string, port = 22): number[] {
  return parseKnownHosts(text).filter((line) => line.matches(recordedName(host, port))).map((line) => line.line);
}

describe('known_hosts', () => {
  const cases: readonly (readonly [string, string, string, number, readonly number[]])[] = [
    ['a plain name', `aadc01 ${ed25519.line}`, 'aadc01', 22, [1]],
    ['upper and lower case alike', `AADC01.Contoso.Example ${ed25519.line}`, 'aadc01.CONTOSO.example', 22, [1]],
    ['a comment after the key', `aadc01 ${ed25519.line} key of the server`, 'aadc01', 22, [1]],
    ['tabs between the fields', `aadc01\t${ed25519.line.replace(' ', '\t')}`, 'aadc01', 22, [1]],
    ['CR LF', `# x\r\naadc01 ${ed25519.line}\r\n`, 'aadc01', 22, [2]],
    ['a byte order mark', `\ufeffaadc01 ${ed25519.line}`, 'aadc01', 22, [1]],
    ['one of several names', `other,aadc01,10.1.2.3 ${ed25519.line}`, '10.1.2.3', 22, [1]],
    ['several key types', `aadc01 ${ed25519.line}\naadc01 ${ecdsa.line}\naadc01 ${rsa.line}`, 'aadc01', 22, [1, 2, 3]],
    ['a port', `[aadc01]:2222 ${ed25519.line}`, 'aadc01', 2222, [1]],
    ['a port is not the plain name', `[aadc01]:2222 ${ed25519.line}`, 'aadc01', 22, []],
    ['the plain name is not a port', `aadc01 ${ed25519.line}`, 'aadc01', 2222, []],
    ['IPv6', `fe80::1 ${ed25519.line}`, 'FE80::1', 22, [1]],
    ['IPv6 with a port', `[fe80::1]:2222 ${ed25519.line}`, 'fe80::1', 2222, [1]],
    ['a star', `*.contoso.example ${ed25519.line}`, 'a.b.contoso.example', 22, [1]],
    ['a star must still fit', `*.contoso.example ${ed25519.line}`, 'contoso.example', 22, []],
    ['a question mark', `aadc0? ${ed25519.line}`, 'aadc01', 22, [1]],
    ['a question mark is one character', `aadc0? ${ed25519.line}`, 'aadc0', 22, []],
    ['negation overrules', `*.contoso.example,!bad.contoso.example ${ed25519.line}`, 'bad.contoso.example', 22, []],
    ['negation before', `!bad.contoso.example,*.contoso.example ${ed25519.line}`, 'good.contoso.example', 22, [1]],
    ['negation alone matches nothing', `!bad ${ed25519.line}`, 'good', 22, []],
    ['a dot is a dot', `aadc.1 ${ed25519.line}`, 'aadcx1', 22, []],
    ['hashed', hashed.plainPort, 'AADC01.contoso.example', 22, [1]],
    ['hashed with a port', hashed.otherPort, 'aadc02.contoso.example', 2222, [1]],
    ['hashed address', hashed.address, '10.1.2.3', 22, [1]],
    ['hashed, another host', hashed.plainPort, 'aadc02.contoso.example', 22, []],
    ['hashed, another port', hashed.otherPort, 'aadc02.contoso.example', 22, []],
  ];
  for (const [what, text, host, port, lines] of cases) {
    it(`finds ${what}`, () => { assert.deepEqual(linesFor(text, host, port), lines); });
  }

  const garbage: readonly (readonly [string, string])[] = [
    ['an empty line', ''], ['a comment', `# aadc01 ${ed25519.line}`], ['a name alone', 'aadc01'], ['no key', 'aadc01 ssh-ed25519'],
    ['a key that is not base64', 'aadc01 ssh-ed25519 ???'], ['a key of another type', `aadc01 ssh-rsa ${ed25519.line.split(' ')[1] ?? ''}`],
    ['a truncated key', 'aadc01 ssh-ed25519 AAAAC3Nz'], ['protocol 1', 'aadc01 1024 35 12345678901234567890'],
    ['an unknown marker', `@trust aadc01 ${ed25519.line}`], ['an unknown hash', `|2|zyY8843W1XTshFsJUzZTs/5zMQo=|6EadI+QiOwcn8dczgUqdAdGaJuw= ${ed25519.line}`],
    ['half a hash', `|1|zyY8843W1XTshFsJUzZTs/5zMQo= ${ed25519.line}`], ['a short hash', `|1|AAAA|AAAA ${ed25519.line}`],
    ['a very long line', `${'x,'.repeat(40_000)}aadc01 ${ed25519.line}`],
  ];
  for (const [what, line] of garbage) {
    it(`skips ${what} and reads on`, () => {
      const text = `${line}\naadc01 ${ecdsa.line}\n`;
      assert.deepEqual(parseKnownHosts(text).map((each) => [each.line, each.type]), [[2, 'ecdsa-sha2-nistp256']]);
    });
  }

  it('tells markers apart', () => {
    const text = `@revoked * ${ed25519.line}\n@cert-authority *.contoso.example ${rsa.line}\naadc01 ${ecdsa.line}`;
    assert.deepEqual(parseKnownHosts(text).map((line) => line.marker), ['revoked', 'cert-authority', 'none']);
  });

  it('is not slowed down by a hostile pattern', () => {
    const pattern = `${'*a'.repeat(2000)}b`;
    assert.deepEqual(linesFor(`${pattern} ${ed25519.line}`, 'a'.repeat(4000)), []);
  });

  it('never throws, and numbers lines as an editor does', () => {
    const word = fc.constantFrom('aadc01', '*', '!x', '|1|a|b', '@revoked', '@cert-authority', ed25519.line, rsa.line, ' ', '\t', '#', ',', '\r', '\u0000', 'ÿ');
    fc.assert(fc.property(fc.array(fc.array(word, { maxLength: 6 })), (words) => {
      const text = words.map((line) => line.join('')).join('\n');
      for (const line of parseKnownHosts(text)) assert.ok(text.split('\n')[line.line - 1]?.includes(line.type));
    }));
  });
});

describe('host keys', () => {
  for (const key of [ed25519, ecdsa, rsa]) {
    it(`prints the fingerprint of ${key.line.split(' ')[0] ?? ''} as ssh-keygen does`, () => { assert.equal(fingerprint(blob(key.line)), key.fingerprint); });
    it(`reads the type of ${key.line.split(' ')[0] ?? ''}`, () => { assert.equal(keyType(blob(key.line)), key.line.split(' ')[0]); });
  }

  it('finds no type in garbage', () => {
    for (const bytes of [[], [0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9, 65], [255, 255, 255, 255, 65], [0, 0, 0, 1, 7]]) assert.equal(keyType(Uint8Array.from(bytes)), undefined);
  });

  it('offers the algorithms of known keys only, RSA with SHA-2', () => {
    assert.deepEqual(algorithmsOf(['ssh-rsa', 'sk-ssh-ed25519@openssh.com']), ['rsa-sha2-512', 'rsa-sha2-256']);
    assert.deepEqual(algorithmsOf(['ecdsa-sha2-nistp256', 'ssh-ed25519']), ['ssh-ed25519', 'ecdsa-sha2-nistp256']);
    assert.deepEqual(algorithmsOf([]), []);
  });
});

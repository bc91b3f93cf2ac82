import assert from 'node:assert/strict';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { rotateRight, splitWrapToken, withRotation } from '../../../src/remote/auth/kerberos/rotation.ts';

const plainSize = 10;
/** RFC 4121, 4.2.6.2: ids, flags Sealed and SentByAcceptor, filler, EC 0, RRC 0, sequence number. */
const header = Buffer.from('0504 03ff 0000 0000 0000000000000001'.replaceAll(' ', ''), 'hex');
/** Confounder, ciphertext, the encrypted copy of the header, the checksum of AES-SHA1; each byte tells where it stood. */
const body = Buffer.from(Array.from({ length: 16 + plainSize + 16 + 12 }, (_, i) => i));
const token = Buffer.concat([header, body]);

/** The rotated body as RFC 4121, 4.2.5 defines it, byte by byte. */
const expected = (count: number): Buffer => Buffer.from(body.map((_, i) => body[(i - count % body.length + body.length) % body.length] ?? -1));

describe('the right rotation of Kerberos tokens (RFC 4121, 4.2.5)', () => {
  it('puts the last bytes first', () => {
    assert.equal(rotateRight(Buffer.from('confounder|abcdefgh'), 3).toString(), 'fghconfounder|abcde');
    assert.equal(rotateRight(Buffer.alloc(0), 3).length, 0);
  });

  for (let count = 0; count <= body.length + 2; count++) {
    it(`by ${count}`, () => {
      const rotated = withRotation(token, count);
      assert.equal(rotated.readUInt16BE(6), count);
      assert.deepEqual(rotated.subarray(16), expected(count));
      assert.deepEqual(withRotation(rotated, 0), token, 'and back');
      const sealed = splitWrapToken(rotated, plainSize);
      assert.equal(sealed.header.length, 60);
      assert.deepEqual(Buffer.concat([sealed.header, sealed.data]), withRotation(token, 28), 'and into WinRM\'s form from there');
      assert.equal(sealed.padding, 0);
    });
  }

  it('puts the ciphertext of the plain text, and nothing else, into the data', () => {
    assert.deepEqual(splitWrapToken(token, plainSize).data, body.subarray(16, 16 + plainSize));
  });

  it('leaves its input as it was', () => {
    const copy = Buffer.from(token);
    withRotation(token, 5);
    splitWrapToken(token, plainSize);
    assert.deepEqual(token, copy);
  });

  const broken: readonly (readonly [what: string, bytes: Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['a header that breaks off', header.subarray(0, 15)],
    ['a token that is only signed', Buffer.concat([Buffer.from('050401ff', 'hex'), token.subarray(4)])],
    ['a MIC token', Buffer.concat([Buffer.from('040403ff', 'hex'), token.subarray(4)])],
    ['a token shorter than what was sealed', token.subarray(0, 16 + 16 + plainSize - 1)],
    ['a frame with another token inside', Buffer.from('6014 0609 2a864886f712010202 0101 0102030405060708'.replaceAll(' ', ''), 'hex')],
    ['a frame that breaks off', Buffer.from('60', 'hex')],
  ];
  for (const [what, bytes] of broken) {
    it(`refuses ${what}`, () => { assert.throws(() => splitWrapToken(bytes, plainSize), AuthError); });
  }
});

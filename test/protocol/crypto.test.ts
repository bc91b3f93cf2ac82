import assert from 'node:assert/strict';
import { constants, createPublicKey, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import fc from 'fast-check';
import type { ExchangeKey } from '../../src/remote/psrp/crypto.ts';
import { encodePublicKey, newExchangeKey, openSessionKey, openText, sealText } from '../../src/remote/psrp/crypto.ts';
import { ProtocolError } from '../../src/remote/psrp/error.ts';

const aesKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

describe('the session key exchange', () => {
  let pair: ExchangeKey;
  before(async () => {
    pair = await newExchangeKey();
  });

  /** What a server answers: the header, the ciphertext reversed. */
  function wrap(key: Uint8Array, padding = constants.RSA_PKCS1_PADDING): Buffer {
    const wrapped = publicEncrypt({ key: createPublicKey(pair.privateKey), padding }, key).reverse();
    return Buffer.concat([Buffer.from('010200001066000000a40000', 'hex'), wrapped]);
  }

  it('sends the public key as a CAPI blob, little-endian', () => {
    const blob = Buffer.from(pair.publicBlob, 'base64');
    assert.equal(blob.length, 276);
    assert.equal(blob.toString('hex', 0, 20), '0602000000a40000' + '52534131' + '00080000' + '01000100');
    const modulus = createPublicKey(pair.privateKey).export({ format: 'jwk' }).n ?? '';
    assert.equal(Buffer.from(blob.subarray(20)).reverse().toString('base64url'), modulus);
  });

  it('pads a short modulus at its high end', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2040 });
    const blob = Buffer.from(encodePublicKey(publicKey), 'base64');
    assert.equal(blob.length, 276);
    assert.equal(blob[275], 0);
    assert.notEqual(blob[274], 0);
  });

  it('opens what the server sealed', () => {
    for (let i = 0; i < 20; i++) assert.deepEqual(openSessionKey(wrap(aesKey).toString('base64'), pair.privateKey), aesKey);
  });

  const refused: readonly (readonly [name: string, blob: () => Buffer])[] = [
    ['nothing', () => Buffer.alloc(0)],
    ['another algorithm', () => {
      const blob = wrap(aesKey);
      blob[4] = 0x0f;
      return blob;
    }],
    ['a short blob', () => wrap(aesKey).subarray(0, 200)],
    ['another padding', () => wrap(aesKey, constants.RSA_PKCS1_OAEP_PADDING)],
    ['a key of another size', () => wrap(Buffer.alloc(16, 1))],
    ['a flipped bit', () => {
      const blob = wrap(aesKey);
      blob[100] = (blob[100] ?? 0) ^ 1;
      return blob;
    }],
    ['a number beyond the modulus', () => Buffer.concat([Buffer.from('010200001066000000a40000', 'hex'), Buffer.alloc(256, 0xff)])],
  ];
  for (const [name, blob] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => openSessionKey(blob().toString('base64'), pair.privateKey), ProtocolError);
    });
  }
});

const expectedSealed = 'ptgI4o+hft5OsPDAFTQ6Sw==';

describe('secure strings', () => {
  it('are AES-256-CBC of UTF-16LE with a zero vector', () => {
    // Computed with OpenSSL: printf 'a\0b\0c\0' | openssl enc -aes-256-cbc -K 000102…1f -iv 0 -base64
    assert.equal(sealText('abc', aesKey), expectedSealed);
    assert.equal(openText(expectedSealed, aesKey), 'abc');
  });

  it('come back, whatever their text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(openText(sealText(text, aesKey), aesKey), text);
    }));
  });

  it('with another key, cut or empty are refused without showing anything', () => {
    const sealed = sealText('hunter2', aesKey);
    for (const broken of [sealed.slice(0, 10), '', 'AAAA']) {
      assert.throws(() => openText(broken, aesKey), (e: Error) => e instanceof ProtocolError && !e.message.includes('hunter'));
    }
  });
});

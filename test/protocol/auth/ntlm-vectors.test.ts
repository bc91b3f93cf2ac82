import assert from 'node:assert/strict';
import { computeResponse, responseKey } from '../../../src/remote/auth/ntlm/hash.ts';
import { decodeChallenge, encodeAuthenticate } from '../../../src/remote/auth/ntlm/messages.ts';
import { Rc4 } from '../../../src/remote/auth/ntlm/rc4.ts';
import { SealingDirection, sealingKey, signingKey } from '../../../src/remote/auth/ntlm/sealing.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** MS-NLMP 4.2.1 and 4.2.4: what goes in. */
const account = { user: 'User', domain: 'Domain' };
const password = 'Password';
const sessionKey = Buffer.alloc(16, 0x55);
const inputs = { serverChallenge: hex('0123456789abcdef'), clientChallenge: Buffer.alloc(8, 0xaa), time: Buffer.alloc(8) };

/** 4.2.4.3, CHALLENGE_MESSAGE. */
const challenge = hex(`
  4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 2400240044000000 060070170000000f
  530065007200760065007200
  02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000`);

/** 4.2.4.3, AUTHENTICATE_MESSAGE. */
const authenticate = `
  4e544c4d53535000 03000000 180018006c000000 5400540084000000 0c000c0048000000 0800080054000000 100010005c000000 10001000d8000000
  358288e2 0501280a0000000f
  44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
  86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa
  68cd0ab851e51c96aabc927bebef6a1c 0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
  02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000
  c5dad2544fc9799094ce1ce90bc9d03e`;

describe('the NTLMv2 vectors of MS-NLMP 4.2.4', () => {
  const targetInfo = decodeChallenge(challenge).targetInfo ?? Buffer.alloc(0);
  const key = responseKey(password, account);
  const response = computeResponse(key, { ...inputs, targetInfo });

  const values: readonly (readonly [section: string, what: string, value: Buffer, expected: string])[] = [
    ['4.2.4.1.1', 'NTOWFv2', key, '0c868a403bfd7a93a3001ef22ef02e3f'],
    ['4.2.4.1.2', 'session base key', response.sessionBaseKey, '8de40ccadbc14a82f15cb0ad0de95ca3'],
    ['4.2.4.2.1', 'LMv2 response', response.lm, '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa'],
    ['4.2.4.2.2', 'NTLMv2 response (NTProofStr)', response.nt.subarray(0, 16), '68cd0ab851e51c96aabc927bebef6a1c'],
    ['4.2.4.2.3', 'encrypted session key', new Rc4(response.sessionBaseKey).update(sessionKey), 'c5dad2544fc9799094ce1ce90bc9d03e'],
    ['4.2.4.4', 'sealing key', sealingKey(sessionKey, 'client-to-server'), '59f600973cc4960a25480a7c196e4c58'],
    ['4.2.4.4', 'signing key', signingKey(sessionKey, 'client-to-server'), '4788dc861b4782f35d43fd98fe1a2d39'],
  ];
  for (const [section, what, value, expected] of values) {
    it(`${section}: ${what}`, () => { assert.equal(value.toString('hex'), expected); });
  }

  it('4.2.4.3: reads the CHALLENGE_MESSAGE', () => {
    const read = decodeChallenge(challenge);
    assert.equal(read.flags.toString(16), 'e28a8233');
    assert.deepEqual(read.serverChallenge, inputs.serverChallenge);
    assert.equal(read.targetInfo?.length, 0x24);
  });

  it('4.2.4.3: writes the AUTHENTICATE_MESSAGE', () => {
    const message = encodeAuthenticate({
      flags: 0xe2888235, ...account, workstation: 'COMPUTER', lm: response.lm, nt: response.nt,
      encryptedSessionKey: new Rc4(response.sessionBaseKey).update(sessionKey), mic: false, version: hex('0501280a0000000f'),
    });
    assert.equal(message.toString('hex'), hex(authenticate).toString('hex'));
  });

  it('4.2.4.4: seals "Plaintext" as GSS_WrapEx does', () => {
    const sealed = new SealingDirection(sessionKey, 'client-to-server', true).seal(Buffer.from('Plaintext', 'utf16le'));
    assert.equal(sealed.data.toString('hex'), hex('54 e5 01 65 bf 19 36 dc 99 60 20 c1 81 1b 0f 06 fb 5f').toString('hex'));
    assert.equal(sealed.signature.toString('hex'), hex('01 00 00 00 7f b3 8e c5 c5 5d 49 76 00 00 00 00').toString('hex'));
  });
});

describe('the NTLMv2 response key', () => {
  const same = (one: readonly [string, { user: string; domain: string }], other: readonly [string, { user: string; domain: string }]): boolean =>
    responseKey(...one).equals(responseKey(...other));

  it('upper-cases the user', () => { assert.ok(same(['p', { user: 'müller', domain: 'd' }], ['p', { user: 'MÜLLER', domain: 'd' }])); });
  it('leaves the domain as it is given', () => { assert.ok(!same(['p', { user: 'u', domain: 'contoso' }], ['p', { user: 'u', domain: 'CONTOSO' }])); });
  it('never makes two letters of one', () => { assert.ok(!same(['p', { user: 'straße', domain: '' }], ['p', { user: 'STRASSE', domain: '' }])); });
  it('keeps lone surrogates of a managed account\'s password', () => {
    assert.ok(!same(['a\ud800b', { user: 'u', domain: '' }], ['a\ufffdb', { user: 'u', domain: '' }]));
    assert.ok(!same(['a\ud800b', { user: 'u', domain: '' }], ['a\ud801b', { user: 'u', domain: '' }]));
  });
});

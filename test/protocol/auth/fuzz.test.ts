import assert from 'node:assert/strict';
import { readChallenges } from '../../../src/remote/auth/challenges.ts';
import { channelBindingOf } from '../../../src/remote/auth/channel-binding.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { splitWrapToken, withRotation } from '../../../src/remote/auth/kerberos/rotation.ts';
import { decodeChallenge, NtlmFlag } from '../../../src/remote/auth/ntlm/messages.ts';
import { SealingDirection } from '../../../src/remote/auth/ntlm/sealing.ts';
import { answerTargetInfo } from '../../../src/remote/auth/ntlm/target-info.ts';
import { decodeNegTokenResp } from '../../../src/remote/auth/spnego/tokens.ts';
import certificates from './certificates.json' with { type: 'json' };
import { challengeMessage } from './challenge-message.ts';

/** How often each parser is given something broken; the time for all stays below a second. */
const rounds = 4000;
/** What one call may take at most, in milliseconds: all of them are linear in the few hundred bytes given. */
const patience = 250;

/** A generator of 32-bit numbers with a fixed start (xorshift), so that a failure comes again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Flips bits, writes extreme bytes, cuts, repeats or inserts: what a broken or hostile peer may do. */
function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let changed = Buffer.from(bytes);
  for (let n = 1 + random(3); n > 0; n--) {
    const at = random(Math.max(1, changed.length));
    switch (random(5)) {
      case 0: if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << random(8)); break;
      case 1: if (changed.length > 0) changed[at] = [0, 0x7f, 0x80, 0x84, 0xff][random(5)] ?? 0; break;
      case 2: changed = changed.subarray(0, at); break;
      case 3: changed = Buffer.concat([changed.subarray(0, at), changed.subarray(random(at + 1))]); break;
      default: changed = Buffer.concat([changed.subarray(0, at), Buffer.from([random(256), random(256)]), changed.subarray(at)]);
    }
  }
  return changed;
}

const targetInfo = Buffer.from('02000c0044006f006d00610069006e00 01000c00530065007200760065007200 0600040000000000 07000800efbeaddeefbeadde 00000000'.replaceAll(' ', ''), 'hex');
const negTokenResp = Buffer.from('a1373035a0030a0101a10c060a2b06010401823702020aa20c040a4e544c4d535350000200a3120410000102030405060708090a0b0c0d0e0f', 'hex');
const wrapToken = Buffer.concat([Buffer.from('050403ff000000050000000000000001', 'hex'), Buffer.alloc(60, 7)]);

const parsers: readonly (readonly [name: string, genuine: Buffer, parse: (bytes: Buffer) => unknown])[] = [
  ['CHALLENGE_MESSAGE', challengeMessage({ flags: NtlmFlag.targetInfo, targetInfo }), decodeChallenge],
  ['AV pairs', targetInfo, (bytes) => answerTargetInfo(bytes, { targetName: 'host/x', channelBinding: Buffer.alloc(53) })],
  ['NegTokenResp', negTokenResp, decodeNegTokenResp],
  ['a certificate', Buffer.from(certificates['pss-sha384'].der, 'base64'), channelBindingOf],
  ['a Kerberos token\'s rotation', wrapToken, (bytes) => withRotation(bytes, 28)],
  ['a Kerberos token\'s split', wrapToken, (bytes) => splitWrapToken(bytes, 20)],
  ['WWW-Authenticate', Buffer.from('Negotiate TlRMTVNTUAACAAAA, Kerberos, Basic realm="WSMAN, x"', 'latin1'), (bytes) => readChallenges([bytes.toString('latin1')])],
];

describe('what a hostile server may send while authenticating', () => {
  for (const [name, genuine, parse] of parsers) {
    it(`${name}: an AuthError or an answer, never anything else, never slow`, () => {
      parse(genuine);
      const random = numbers(0x5eed + name.length);
      let refused = 0;
      for (let round = 0; round < rounds; round++) {
        const bytes = mutate(genuine, random);
        const started = performance.now();
        try {
          parse(bytes);
        } catch (error) {
          assert.ok(error instanceof AuthError, `${String(error)} for ${bytes.toString('hex')}`);
          refused += 1;
        }
        assert.ok(performance.now() - started < patience, bytes.toString('hex'));
      }
      assert.ok(name === 'WWW-Authenticate' || refused > rounds / 20, `only ${refused} were refused`);
    });
  }

  it('a sealed NTLM message with any bit flipped is refused', () => {
    const key = Buffer.alloc(16, 0x55);
    for (const keyExchange of [true, false]) {
      const { signature, data } = new SealingDirection(key, 'server-to-client', keyExchange).seal(Buffer.from('a message'));
      const whole = Buffer.concat([signature, data]);
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const changed = Buffer.from(whole);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.throws(() => new SealingDirection(key, 'server-to-client', keyExchange).unseal(changed.subarray(0, 16), changed.subarray(16)), AuthError);
      }
      assert.equal(new SealingDirection(key, 'server-to-client', keyExchange).unseal(signature, data).toString(), 'a message');
    }
  });
});

import assert from 'node:assert/strict';
import { createHmac, setFips } from 'node:crypto';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { readAvPairs, writeAvPairs } from '../../../src/remote/auth/ntlm/av-pairs.ts';
import { accountOf } from '../../../src/remote/auth/ntlm/hash.ts';
import { decodeChallenge, NtlmFlag } from '../../../src/remote/auth/ntlm/messages.ts';
import { NtlmSession, type NtlmOptions } from '../../../src/remote/auth/ntlm/session.ts';
import { channelBindingHash } from '../../../src/remote/auth/ntlm/target-info.ts';
import { challengeMessage } from './challenge-message.ts';

const sessionKey = Buffer.alloc(16, 0x55);
const agreed = NtlmFlag.unicode | NtlmFlag.extendedSessionSecurity | NtlmFlag.sign | NtlmFlag.seal | NtlmFlag.key128 | NtlmFlag.targetInfo | NtlmFlag.keyExchange;
const names = [{ id: 2, value: Buffer.from('CONTOSO', 'utf16le') }, { id: 1, value: Buffer.from('CONNECT01', 'utf16le') }];
const timestamp = { id: 7, value: Buffer.from('0011223344556677', 'hex') };
const options: NtlmOptions = {
  account: { user: 'engineer', domain: 'CONTOSO' }, password: new PlainSecret('secret'), targetName: 'host/connect01', channelBinding: undefined,
  source: { clientChallenge: () => Buffer.alloc(8, 0xaa), sessionKey: () => Buffer.from(sessionKey), now: () => 0x1122n },
};

/** The fields of an AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3), read here independently of what wrote them. */
function fieldsOf(message: Buffer): Record<'lm' | 'nt' | 'domain' | 'user' | 'workstation' | 'key', Buffer> {
  const at = (offset: number): Buffer => message.subarray(message.readUInt32LE(offset + 4), message.readUInt32LE(offset + 4) + message.readUInt16LE(offset));
  return { lm: at(12), nt: at(20), domain: at(28), user: at(36), workstation: at(44), key: at(52) };
}

async function answer(challenge: Buffer, given: Partial<NtlmOptions> = {}): Promise<{ negotiate: Buffer; message: Buffer; session: NtlmSession }> {
  const session = new NtlmSession({ ...options, ...given });
  const negotiate = Buffer.from(await session.step(undefined) ?? []);
  const message = Buffer.from(await session.step(challenge) ?? []);
  return { negotiate, message, session };
}

const withTime = challengeMessage({ flags: agreed, targetInfo: writeAvPairs([...names, timestamp]) });
const withoutTime = challengeMessage({ flags: agreed, targetInfo: writeAvPairs(names) });
const pairsOf = (message: Buffer): Map<number, string> => new Map(readAvPairs(fieldsOf(message).nt.subarray(16 + 28)).map(({ id, value }) => [id, Buffer.from(value).toString('hex')]));

describe('the NTLM answer', () => {
  it('carries a MIC over all three messages where the server told its time, and no LMv2 response', async () => {
    const { negotiate, message } = await answer(withTime);
    const zeroed = Buffer.from(message);
    zeroed.fill(0, 72, 88);
    const mic = createHmac('md5', sessionKey).update(Buffer.concat([negotiate, withTime, zeroed])).digest();
    assert.equal(message.subarray(72, 88).toString('hex'), mic.toString('hex'));
    assert.deepEqual(fieldsOf(message).lm, Buffer.alloc(24));
    assert.equal(pairsOf(message).get(6), '02000000');
    assert.equal(fieldsOf(message).nt.subarray(24, 32).toString('hex'), '0011223344556677', 'the server\'s own time');
  });

  it('carries neither MIC nor its announcement where the server told no time', async () => {
    const { message } = await answer(withoutTime);
    assert.equal(Math.min(...[16, 24, 32, 40, 48, 56].map((at) => message.readUInt32LE(at))), 72);
    assert.equal(fieldsOf(message).lm.subarray(16).toString('hex'), 'aa'.repeat(8));
    assert.equal(pairsOf(message).has(6), false);
    assert.equal(fieldsOf(message).nt.subarray(24, 32).toString('hex'), '2211000000000000', 'our own time');
  });

  it('adds to flags that the server stated', async () => {
    const { message } = await answer(challengeMessage({ flags: agreed, targetInfo: writeAvPairs([...names, timestamp, { id: 6, value: Buffer.from('01000000', 'hex') }]) }));
    assert.equal(pairsOf(message).get(6), '03000000');
  });

  it('names the service it is meant for, and keeps the server\'s names', async () => {
    const pairs = pairsOf((await answer(withTime)).message);
    assert.equal(pairs.get(9), Buffer.from('host/connect01', 'utf16le').toString('hex'));
    assert.equal(pairs.get(1), Buffer.from('CONNECT01', 'utf16le').toString('hex'));
    assert.equal(pairs.get(2), Buffer.from('CONTOSO', 'utf16le').toString('hex'));
  });

  it('binds the TLS connection where there is one, and says nothing of it where there is none', async () => {
    const binding = Buffer.from('tls-server-end-point:0123456789abcdef');
    const bound = await answer(withTime, { channelBinding: binding });
    assert.equal(pairsOf(bound.message).get(10), channelBindingHash(binding).toString('hex'));
    assert.equal(pairsOf((await answer(withTime)).message).has(10), false);
  });

  it('uses the session base key where the server wants no key exchange', async () => {
    const { message, session } = await answer(challengeMessage({ flags: agreed & ~NtlmFlag.keyExchange, targetInfo: writeAvPairs([...names, timestamp]) }));
    assert.equal(fieldsOf(message).key.length, 0);
    assert.equal(message.readUInt32LE(60) & NtlmFlag.keyExchange, 0);
    const { header } = await session.seal(Buffer.from('x'));
    assert.equal(header.length, 16);
  });

  it('never agrees to flags that were not offered', async () => {
    const { message } = await answer(challengeMessage({ flags: 0xffffffff, targetInfo: writeAvPairs([...names, timestamp]) }));
    // OEM text, datagrams, LM keys, anonymous, identify, non-NT session keys.
    assert.equal(message.readUInt32LE(60) & (0x2 | 0x40 | 0x80 | 0x800 | 0x100000 | 0x400000), 0);
  });

  const lacking: readonly (readonly [flag: number, words: RegExp])[] = [
    [NtlmFlag.unicode, /Unicode/], [NtlmFlag.extendedSessionSecurity, /extended session security/], [NtlmFlag.sign, /signing/],
    [NtlmFlag.seal, /encryption/], [NtlmFlag.key128, /128-bit/], [NtlmFlag.targetInfo, /NTLMv2/],
  ];
  for (const [flag, words] of lacking) {
    it(`refuses a server without ${words.source}`, async () => {
      await assert.rejects(answer(challengeMessage({ flags: agreed & ~flag, targetInfo: writeAvPairs(names) })), (error) => {
        assert.ok(error instanceof AuthError);
        assert.equal(error.reason, 'unsupported');
        assert.match(error.message, words);
        return true;
      });
    });
  }

  const broken: readonly (readonly [what: string, message: Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('HTTP/1.1 200 OK, and so on for a while, long enough to be read')],
    ['an answer of another type', challengeMessage({ flags: agreed, type: 3, targetInfo: writeAvPairs(names) })],
    ['a challenge that breaks off', withTime.subarray(0, 47)],
    ['target information before the payload', challengeMessage({ flags: agreed, targetInfo: writeAvPairs(names), offset: 12 })],
    ['target information beyond the end', challengeMessage({ flags: agreed, targetInfo: writeAvPairs(names), length: 200 })],
    ['target information at an offset beyond 31 bits', challengeMessage({ flags: agreed, targetInfo: writeAvPairs(names), offset: 0xfffffff0 })],
    ['target information without an end', challengeMessage({ flags: agreed, targetInfo: writeAvPairs(names).subarray(0, -4) })],
    ['a pair beyond the end', challengeMessage({ flags: agreed, targetInfo: Buffer.from('0200ffff0000000000000000', 'hex') })],
    ['an end with a length', challengeMessage({ flags: agreed, targetInfo: Buffer.from('00000400ffffffff', 'hex') })],
    ['a short time', challengeMessage({ flags: agreed, targetInfo: writeAvPairs([{ id: 7, value: Buffer.alloc(4) }]) })],
    ['short flags', challengeMessage({ flags: agreed, targetInfo: writeAvPairs([timestamp, { id: 6, value: Buffer.alloc(2) }]) })],
    ['endless pairs', challengeMessage({ flags: agreed, targetInfo: writeAvPairs(Array.from({ length: 1000 }, () => ({ id: 5, value: Buffer.alloc(0) }))) })],
    ['an endless challenge', Buffer.concat([withTime, Buffer.alloc(1024 * 1024)])],
  ];
  for (const [what, message] of broken) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(answer(message), (error) => error instanceof AuthError && error.reason === 'bad-peer');
    });
  }

  it('refuses a second challenge, and one before it asked', async () => {
    const { session } = await answer(withTime);
    await assert.rejects(session.step(withTime), AuthError);
    await assert.rejects(new NtlmSession(options).step(withTime), AuthError);
  });

  it('asks for the password once, when it is needed', async () => {
    let revealed = 0;
    const counting = { kind: 'secure-string' as const, reveal: () => { revealed += 1; return 'secret'; } };
    const session = new NtlmSession({ ...options, password: counting });
    await session.step(undefined);
    assert.equal(revealed, 0);
    await session.step(withTime);
    assert.equal(revealed, 1);
  });

  it('says that NTLM is not available in FIPS mode', async () => {
    setFips(true);
    try {
      await assert.rejects(answer(withTime), (error) => error instanceof AuthError && error.reason === 'unsupported' && error.message.startsWith('NTLM is not available in FIPS mode'));
    } finally {
      setFips(false);
    }
    await answer(withTime);
  });

  it('reads accounts as people write them', () => {
    assert.deepEqual(accountOf('CONTOSO\\engineer'), { user: 'engineer', domain: 'CONTOSO' });
    assert.deepEqual(accountOf('engineer@contoso.example'), { user: 'engineer@contoso.example', domain: '' });
    assert.deepEqual(accountOf('engineer'), { user: 'engineer', domain: '' });
    assert.deepEqual(accountOf('.\\engineer'), { user: 'engineer', domain: '.' });
  });

  it('reads a challenge without target information as one', () => {
    assert.equal(decodeChallenge(challengeMessage({ flags: agreed & ~NtlmFlag.targetInfo })).targetInfo, undefined);
  });
});

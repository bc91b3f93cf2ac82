import assert from 'node:assert/strict';
import { AuthError } from '../../../src/remote/auth/error.ts';
import type { SecurityMechanism } from '../../../src/remote/auth/mechanism.ts';
import { SpnegoSession } from '../../../src/remote/auth/spnego/session.ts';
import { decodeNegTokenResp } from '../../../src/remote/auth/spnego/tokens.ts';

const kerberosOid = '1.2.840.113554.1.2.2';
const windowsKerberosOid = '1.2.840.48018.1.2.2';
const ntlmOid = '1.3.6.1.4.1.311.2.2.10';

/** A mechanism whose tokens are their own names, so that a test sees which went where. */
class Named implements SecurityMechanism {
  readonly servicePrincipal = undefined;
  complete = false;
  readonly oid: string;
  readonly label: 'NTLM' | 'Kerberos';
  readonly aliases: readonly string[];
  readonly log: string[] = [];
  #left: number;

  /** @param tokens how many the client sends */
  constructor(label: 'NTLM' | 'Kerberos', tokens: number) {
    this.label = label;
    this.oid = label === 'NTLM' ? ntlmOid : kerberosOid;
    this.aliases = label === 'NTLM' ? [] : [windowsKerberosOid];
    this.#left = tokens;
  }

  step(token: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    this.log.push(token === undefined ? 'start' : Buffer.from(token).toString());
    this.#left -= 1;
    this.complete = this.label === 'NTLM' ? this.#left === 0 : this.#left < 0;
    return Promise.resolve(this.#left < 0 ? undefined : Buffer.from(`${this.label}-${this.#left}`));
  }

  sign(message: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(`signed ${message.length}`));
  }

  verify(_message: Uint8Array, signature: Uint8Array): Promise<void> {
    return Buffer.from(signature).toString() === 'genuine' ? Promise.resolve() : Promise.reject(new AuthError('bad-peer', 'A message came whose signature is wrong.', 'Stop.'));
  }

  afterListSignature(side: string): void { this.log.push(side); }
  seal(): never { throw new Error('not here'); }
  unseal(): never { throw new Error('not here'); }
  dispose(): void { this.log.push('disposed'); }
}

const element = (tag: number, ...contents: Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from(content.length < 128 ? [tag, content.length] : [tag, 0x81, content.length]), content]);
};
const oids: Readonly<Record<string, string>> = { [kerberosOid]: '06092a864886f712010202', [windowsKerberosOid]: '06092a864882f712010202', [ntlmOid]: '060a2b06010401823702020a', '1.2.3': '06022a03' };

/** The target's NegTokenResp (RFC 4178, 4.2.2), written here independently. */
function answer(fields: { state?: number; mechanism?: string; token?: string; mic?: string }): Buffer {
  const parts: Buffer[] = [];
  if (fields.state !== undefined) parts.push(element(0xa0, element(0x0a, Buffer.from([fields.state]))));
  if (fields.mechanism !== undefined) parts.push(element(0xa1, Buffer.from(oids[fields.mechanism] ?? '', 'hex')));
  if (fields.token !== undefined) parts.push(element(0xa2, element(0x04, Buffer.from(fields.token))));
  if (fields.mic !== undefined) parts.push(element(0xa3, element(0x04, Buffer.from(fields.mic))));
  return element(0xa1, element(0x30, ...parts));
}

const read = (token: Uint8Array | undefined): { state: number | undefined; token: string | undefined; mic: string | undefined } => {
  assert.ok(token !== undefined);
  const { state, responseToken, mechListMic } = decodeNegTokenResp(token);
  return { state, token: responseToken === undefined ? undefined : Buffer.from(responseToken).toString(), mic: mechListMic === undefined ? undefined : Buffer.from(mechListMic).toString() };
};

const ntlm = (): Named => new Named('NTLM', 2);
const kerberos = (): Named => new Named('Kerberos', 1);

describe('SPNEGO (RFC 4178)', () => {
  it('begins with the list of mechanisms and the preferred one\'s token', async () => {
    const first = Buffer.from(await new SpnegoSession(kerberos(), ntlm()).step(undefined) ?? []).toString('hex');
    const expected = element(0x60, Buffer.from('06062b0601050502', 'hex'), element(0xa0, element(0x30,
      element(0xa0, element(0x30, Buffer.from(oids[kerberosOid] ?? '', 'hex'), Buffer.from(oids[ntlmOid] ?? '', 'hex'))),
      element(0xa2, element(0x04, Buffer.from('Kerberos-0'))))));
    assert.equal(first, expected.toString('hex'));
  });

  it('NTLM: both sides sign the list of mechanisms', async () => {
    const mechanism = ntlm();
    const session = new SpnegoSession(mechanism);
    await session.step(undefined);
    assert.deepEqual(read(await session.step(answer({ state: 1, mechanism: ntlmOid, token: 'challenge' }))), { state: 1, token: 'NTLM-0', mic: 'signed 14' });
    assert.equal(session.complete, false);
    assert.equal(session.provedWithoutToken, false);
    assert.equal(await session.step(answer({ state: 0, mic: 'genuine' })), undefined);
    assert.equal(session.complete, true);
    assert.deepEqual(mechanism.log, ['start', 'challenge', 'signed', 'verified']);
  });

  for (const named of [kerberosOid, windowsKerberosOid, undefined]) {
    it(`Kerberos: one answer, no signature needed, accepted as ${named ?? 'what was preferred'}`, async () => {
      const session = new SpnegoSession(kerberos(), ntlm());
      await session.step(undefined);
      assert.equal(await session.step(answer({ state: 0, ...(named === undefined ? {} : { mechanism: named }), token: 'AP-REP' })), undefined);
      assert.equal(session.complete, true);
      assert.equal(session.mechanism.label, 'Kerberos');
    });
  }

  it('Kerberos: a signature is checked where the server sends one, and answered where it waits for it', async () => {
    const session = new SpnegoSession(kerberos(), ntlm());
    await session.step(undefined);
    assert.deepEqual(read(await session.step(answer({ state: 1, mechanism: kerberosOid, token: 'AP-REP', mic: 'genuine' }))), { state: 1, token: undefined, mic: 'signed 25' });
    assert.equal(session.provedWithoutToken, true);
    await session.step(answer({ state: 0 }));
    assert.equal(session.complete, true);
    const other = new SpnegoSession(kerberos(), ntlm());
    await other.step(undefined);
    await assert.rejects(other.step(answer({ state: 0, mechanism: kerberosOid, token: 'AP-REP', mic: 'forged' })), AuthError);
  });

  it('overlooks a repeated token in the signature\'s place, but never in place of a signature that is due', async () => {
    const session = new SpnegoSession(kerberos(), ntlm());
    await session.step(undefined);
    await session.step(answer({ state: 0, mechanism: kerberosOid, token: 'AP-REP', mic: 'AP-REP' }));
    assert.equal(session.complete, true);
    const due = new SpnegoSession(ntlm());
    await due.step(undefined);
    await due.step(answer({ state: 1, mechanism: ntlmOid, token: 'challenge' }));
    await assert.rejects(due.step(answer({ state: 0, token: 'same', mic: 'same' })), AuthError);
    assert.equal(due.complete, false);
  });

  it('goes over to NTLM where the server picks it, and then insists on signatures', async () => {
    const session = new SpnegoSession(kerberos(), ntlm());
    await session.step(undefined);
    assert.deepEqual(read(await session.step(answer({ state: 3, mechanism: ntlmOid }))), { state: 1, token: 'NTLM-1', mic: undefined });
    assert.deepEqual(read(await session.step(answer({ state: 1, token: 'challenge' }))), { state: 1, token: 'NTLM-0', mic: 'signed 25' });
    await session.step(answer({ state: 0, mic: 'genuine' }));
    assert.equal(session.complete, true);
    assert.equal(session.mechanism.label, 'NTLM');
  });

  const ntlmEnds: readonly (readonly [what: string, last: Buffer])[] = [
    ['without the server\'s signature', answer({ state: 0 })],
    ['with a forged signature', answer({ state: 0, mic: 'forged' })],
    ['with one more token', answer({ state: 1 })],
    ['in a rejection', answer({ state: 2 })],
    ['with another mechanism', answer({ state: 0, mechanism: kerberosOid, mic: 'genuine' })],
  ];
  for (const [what, last] of ntlmEnds) {
    it(`NTLM: refuses an end ${what}`, async () => {
      const session = new SpnegoSession(ntlm());
      await session.step(undefined);
      await session.step(answer({ state: 1, mechanism: ntlmOid, token: 'challenge' }));
      await assert.rejects(session.step(last), AuthError);
      assert.equal(session.complete, false);
    });
  }

  const kerberosAnswers: readonly (readonly [what: string, token: Buffer])[] = [
    ['an end before the mechanism was through', answer({ state: 0, mechanism: kerberosOid })],
    ['a mechanism that was not offered', answer({ state: 1, mechanism: '1.2.3', token: 'x' })],
    ['a rejection', answer({ state: 2 })],
    ['a token for a mechanism that was not started', answer({ state: 1, mechanism: ntlmOid, token: 'challenge' })],
    ['a signature before there is a key', answer({ state: 1, mechanism: kerberosOid, mic: 'genuine' })],
    ['an unknown state', answer({ state: 9 })],
    ['nothing', Buffer.alloc(0)],
    ['a raw token', Buffer.from('NTLMSSP\0')],
    ['more than one answer', Buffer.concat([answer({ state: 1 }), answer({ state: 1 })])],
  ];
  for (const [what, token] of kerberosAnswers) {
    it(`refuses ${what}`, async () => {
      const session = new SpnegoSession(kerberos(), ntlm());
      await session.step(undefined);
      await assert.rejects(session.step(token), AuthError);
    });
  }

  it('takes nothing before it began or after it ended', async () => {
    const session = new SpnegoSession(kerberos());
    await assert.rejects(session.step(answer({ state: 0 })), AuthError);
    await session.step(undefined);
    await session.step(answer({ state: 0, mechanism: kerberosOid, token: 'AP-REP' }));
    await assert.rejects(session.step(answer({ state: 0 })), AuthError);
    await assert.rejects(session.step(undefined), AuthError);
  });

  it('disposes of every mechanism that it offered', () => {
    const both = [kerberos(), ntlm()] as const;
    new SpnegoSession(...both).dispose();
    assert.deepEqual(both.map(({ log }) => log), [['disposed'], ['disposed']]);
  });
});

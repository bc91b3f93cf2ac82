import assert from 'node:assert/strict';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import type { AuthContext, AuthOptions, MessageSealing } from '../../../src/remote/auth/context.ts';
import { createAuthContext } from '../../../src/remote/auth/create.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { ntlmSession } from '../../../src/remote/auth/ntlm/context.ts';
import { SpnegoSession } from '../../../src/remote/auth/spnego/session.ts';
import { TokenContext } from '../../../src/remote/auth/token-context.ts';
import { ntlmssp, openAcceptor, spnego, type Acceptor } from './acceptor.ts';
import { ntlmUsers } from './ntlm-peer.ts';

const password = 'Päss wörd \u{1f511}';
const options: AuthOptions = { auth: 'ntlm', scheme: 'http', host: 'connect01.contoso.example', user: 'CONTOSO\\engineer', password: new PlainSecret(password), channelBinding: undefined };

/** How the client carries NTLM, and what the server answers with. */
const carriers: readonly (readonly [name: string, mechanism: Buffer, open: (options: AuthOptions) => Promise<AuthContext>])[] = [
  ['raw', ntlmssp, createAuthContext],
  ['in SPNEGO', spnego, (given) => Promise.resolve(new TokenContext({ session: new SpnegoSession(ntlmSession(given)), scheme: 'Negotiate', negotiated: true, seals: given.scheme === 'http', user: given.user, note: undefined }))],
];

const tokenOf = (header: string | undefined): Buffer => {
  assert.ok(header !== undefined);
  assert.match(header, /^Negotiate /);
  return Buffer.from(header.slice('Negotiate '.length), 'base64');
};
const challenge = (token: Uint8Array | undefined): string[] => token === undefined ? [] : [`Negotiate ${Buffer.from(token).toString('base64')}`];

/** Carries the tokens of both sides as HTTP would, until both are through. */
async function authenticate(context: AuthContext, server: Acceptor): Promise<void> {
  let header = await context.step(undefined);
  for (let round = 0; round < 5; round++) {
    const answer = server.accept(tokenOf(header));
    header = await context.step(challenge(answer.token));
    if (answer.done && header === undefined) return;
    assert.ok(header !== undefined, 'the client has nothing more to say');
  }
  assert.fail('no end');
}

const sealingOf = (context: AuthContext): MessageSealing => {
  assert.ok(context.sealing !== undefined);
  return context.sealing;
};

/** Cuts what gss_wrap of NTLM gives: the signature, then the ciphertext. */
const cut = (wrapped: Buffer): readonly [header: Buffer, data: Buffer] => [wrapped.subarray(0, 16), wrapped.subarray(16)];

describe('NTLM against an independent server (gss-ntlmssp)', () => {
  let users: { restore(): void };
  const servers: Acceptor[] = [];
  before(() => { users = ntlmUsers([`CONTOSO:engineer:${password}`]); });
  after(() => { users.restore(); });
  afterEach(() => { for (const server of servers.splice(0)) server.release(); });
  const serve = async (mechanism: Buffer, binding?: Uint8Array): Promise<Acceptor> => {
    const server = await openAcceptor(mechanism, binding);
    servers.push(server);
    return server;
  };

  for (const [name, mechanism, open] of carriers) {
    describe(name, () => {
      it('authenticates and seals in both directions', async () => {
        const context = await open(options);
        const server = await serve(mechanism);
        await authenticate(context, server);
        assert.equal(context.complete, true);
        assert.equal(context.name, mechanism === spnego ? 'Negotiate (NTLM)' : 'NTLM');
        const sealing = sealingOf(context);
        assert.equal(sealing.protocol, 'application/HTTP-SPNEGO-session-encrypted');
        for (let i = 1; i <= 200; i++) {
          const text = Buffer.from(`message ${i} `.repeat(i));
          const sealed = await sealing.seal(text);
          assert.equal(sealed.header.length, 16);
          assert.equal(sealed.data.length, text.length);
          assert.equal(sealed.padding, 0);
          assert.deepEqual(server.unwrap(Buffer.concat([sealed.header, sealed.data])), text);
          assert.deepEqual(Buffer.from(await sealing.unseal(...cut(server.wrap(text)))), text);
        }
        context.dispose();
      });

      it('keeps the order of overlapping calls', async () => {
        const context = await open(options);
        const server = await serve(mechanism);
        await authenticate(context, server);
        const texts = Array.from({ length: 20 }, (_, i) => Buffer.from(`message ${i}`));
        const sealed = await Promise.all(texts.map(async (text) => sealingOf(context).seal(text)));
        assert.deepEqual(sealed.map(({ header, data }) => server.unwrap(Buffer.concat([header, data]))), texts);
      });

      it('seals nothing over https', async () => {
        const context = await open({ ...options, scheme: 'https', channelBinding: Buffer.from('tls-server-end-point:0123456789abcdef') });
        await authenticate(context, await serve(mechanism));
        assert.equal(context.complete, true);
        assert.equal(context.sealing, undefined);
      });

      it('binds the TLS connection: a server on another one refuses', async () => {
        const binding = Buffer.from('tls-server-end-point:0123456789abcdef0123456789abcdef');
        const bound = { ...options, scheme: 'https' as const, channelBinding: binding };
        await authenticate(await open(bound), await serve(mechanism, binding));
        await assert.rejects(authenticate(await open(bound), await serve(mechanism, Buffer.from('tls-server-end-point:another'))), /gss_accept_sec_context/);
      });

      it('is refused with a wrong password, and says so without it', async () => {
        const context = await open({ ...options, password: new PlainSecret('wrong-password') });
        const server = await serve(mechanism);
        const first = server.accept(tokenOf(await context.step(undefined)));
        const second = await context.step(challenge(first.token));
        assert.throws(() => server.accept(tokenOf(second)));
        await assert.rejects(context.step(['Negotiate', 'Kerberos']), (error) => {
          assert.ok(error instanceof AuthError);
          assert.equal(error.reason, 'authentication-failed');
          assert.match(error.message, /refused the NTLM log-on of CONTOSO\\engineer/);
          assert.doesNotMatch(JSON.stringify([error.message, error.remedy, error.stack]), /wrong-password/);
          return true;
        });
        assert.equal(context.complete, false);
      });

      for (const [what, change] of [
        ['a flipped bit in the signature', ([header, data]) => [flip(header, 5), data]],
        ['a flipped bit in the version', ([header, data]) => [flip(header, 0), data]],
        ['a flipped bit in the sequence number', ([header, data]) => [flip(header, 12), data]],
        ['a flipped bit in the ciphertext', ([header, data]) => [header, flip(data, 3)]],
        ['a short signature', ([header, data]) => [header.subarray(0, 15), data]],
        ['a shortened message', ([header, data]) => [header, data.subarray(1)]],
        ['an empty header', ([, data]) => [Buffer.alloc(0), data]],
      ] as readonly (readonly [string, (parts: readonly [Buffer, Buffer]) => readonly [Buffer, Buffer]])[]) {
        it(`refuses ${what}, and everything after it`, async () => {
          const context = await open(options);
          const server = await serve(mechanism);
          await authenticate(context, server);
          const sealing = sealingOf(context);
          await assert.rejects(async () => sealing.unseal(...change(cut(server.wrap(Buffer.from('a message'))))), AuthError);
          await assert.rejects(async () => sealing.unseal(...cut(server.wrap(Buffer.from('a message')))), AuthError);
        });
      }

      it('refuses a message that comes twice, or after one that was left out', async () => {
        for (const skip of [false, true]) {
          const context = await open(options);
          const server = await serve(mechanism);
          await authenticate(context, server);
          const sealing = sealingOf(context);
          const first = server.wrap(Buffer.from('one'));
          if (!skip) await sealing.unseal(...cut(first));
          await assert.rejects(async () => sealing.unseal(...cut(skip ? server.wrap(Buffer.from('two')) : first)), AuthError);
        }
      });

      it('cannot be used once disposed', async () => {
        const context = await open(options);
        await authenticate(context, await serve(mechanism));
        const sealing = sealingOf(context);
        context.dispose();
        await assert.rejects(async () => sealing.seal(Buffer.from('a')), AuthError);
        await assert.rejects(async () => sealing.unseal(Buffer.alloc(16), Buffer.alloc(1)), AuthError);
      });
    });
  }

  it('sends a MIC that the server checks: a changed NEGOTIATE or AUTHENTICATE is refused', async () => {
    for (const where of [72, 87, undefined]) {
      const context = await createAuthContext(options);
      const server = await serve(ntlmssp);
      const negotiate = tokenOf(await context.step(undefined));
      // The version, which nobody answers to: only the MIC can tell.
      if (where === undefined) negotiate[39] = (negotiate[39] ?? 0) ^ 1;
      const message = tokenOf(await context.step(challenge(server.accept(negotiate).token)));
      if (where !== undefined) message[where] = (message[where] ?? 0) ^ 1;
      assert.throws(() => server.accept(message));
    }
  });

  it('is told to be without proof by a server that leaves out its SPNEGO signature', async () => {
    const [, , open] = carriers[1]!;
    const context = await open(options);
    const server = await serve(spnego);
    const second = await context.step(challenge(server.accept(tokenOf(await context.step(undefined))).token));
    assert.equal(server.accept(tokenOf(second)).done, true);
    await assert.rejects(context.step([]), /without proving/);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

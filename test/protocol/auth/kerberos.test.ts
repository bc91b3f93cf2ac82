import assert from 'node:assert/strict';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import type { AuthContext, AuthOptions, MessageSealing } from '../../../src/remote/auth/context.ts';
import { createAuthContext } from '../../../src/remote/auth/create.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { openKerberos } from '../../../src/remote/auth/kerberos/open.ts';
import { withRotation } from '../../../src/remote/auth/kerberos/rotation.ts';
import { krb5, openAcceptor, spnego, type Acceptor } from './acceptor.ts';
import { Realm } from './realm.ts';

const password = 'a ticket, please';
const options: AuthOptions = { auth: 'kerberos', scheme: 'http', host: 'localhost', user: 'engineer@lab.example', password: new PlainSecret(password), channelBinding: undefined };

/** Encryption types, and the header and padding that WinRM then sends. */
const encryptions: readonly (readonly [encryption: string, header: number, padding: number])[] = [
  ['aes256-cts-hmac-sha1-96', 60, 0],
  ['aes128-cts-hmac-sha1-96', 60, 0],
  ['aes256-cts-hmac-sha384-192', 72, 0],
  ['aes128-cts-hmac-sha256-128', 64, 0],
  ['arcfour-hmac', 45, 1],
];

const tokenOf = (header: string | undefined, scheme: string): Buffer => {
  assert.ok(header !== undefined);
  assert.ok(header.startsWith(`${scheme} `), header.slice(0, 20));
  return Buffer.from(header.slice(scheme.length + 1), 'base64');
};

describe('Kerberos against a KDC and an acceptor of MIT\'s', function () {
  this.timeout(60_000);
  let realm: Realm;
  const servers: Acceptor[] = [];
  const contexts: AuthContext[] = [];
  before(async () => {
    realm = await Realm.start({
      users: { engineer: password },
      services: ['host/localhost', 'HTTP/web.lab.example'],
    });
    realm.enter();
  });
  after(async () => { await realm.stop(); });
  afterEach(() => {
    realm.forget();
    realm.permit();
    for (const server of servers.splice(0)) server.release();
    for (const context of contexts.splice(0)) context.dispose();
  });

  async function open(given: Partial<AuthOptions> = {}): Promise<AuthContext> {
    const context = await createAuthContext({ ...options, ...given });
    contexts.push(context);
    return context;
  }

  /** One request and one answer, as over HTTP. */
  async function establish(given: Partial<AuthOptions> = {}, serverBinding?: Uint8Array, encryption?: string): Promise<{ context: AuthContext; server: Acceptor; sealing: MessageSealing | undefined }> {
    realm.permit(encryption);
    const context = await open(given);
    // The acceptor takes them all, and answers with a key of the client's kind.
    realm.permit();
    const scheme = context.name === 'Kerberos' ? 'Kerberos' : 'Negotiate';
    const server = await openAcceptor(scheme === 'Kerberos' ? krb5 : spnego, serverBinding);
    servers.push(server);
    const answer = server.accept(tokenOf(await context.step(undefined), scheme));
    assert.equal(answer.done, true);
    assert.ok(answer.token !== undefined);
    assert.equal(await context.step([`${scheme} ${answer.token.toString('base64')}`]), undefined);
    assert.equal(context.complete, true);
    return { context, server, sealing: context.sealing };
  }

  const sealingOf = ({ sealing }: { sealing: MessageSealing | undefined }): MessageSealing => {
    assert.ok(sealing !== undefined);
    return sealing;
  };

  describe('gets its ticket', () => {
    it('with a password, leaving the ticket cache alone', async () => {
      const { context } = await establish();
      assert.equal(context.name, 'Kerberos');
      assert.equal(context.servicePrincipal, 'host/localhost');
      const opened = await openKerberos({ ...options, user: undefined, password: undefined });
      assert.ok('unavailable' in opened, 'a ticket was left behind');
    });

    it('from the ticket cache, without a user (single sign-on)', async () => {
      await realm.kinit('engineer', password);
      await establish({ user: undefined, password: undefined });
    });

    it('from the ticket cache, for the user that is named', async () => {
      await realm.kinit('engineer', password);
      await establish({ password: undefined });
    });

    it('for HTTP/ where the KDC does not know host/, and tells so', async () => {
      const { context } = await establish({ host: 'web.lab.example' });
      assert.equal(context.servicePrincipal, 'HTTP/web.lab.example');
    });

    const refused: readonly (readonly [what: string, given: Partial<AuthOptions>, message: RegExp])[] = [
      ['a wrong password', { password: new PlainSecret('wrong-password') }, /KDC refused engineer@LAB\.EXAMPLE/],
      ['an unknown user', { user: 'nobody@lab.example' }, /KDC refused nobody@LAB\.EXAMPLE/],
      ['an unknown server', { host: 'unknown.lab.example' }, /knows neither host\/unknown\.lab\.example nor HTTP\/unknown\.lab\.example/],
      ['a realm that nobody knows', { user: 'ELSEWHERE\\engineer' }, /No Kerberos ticket for engineer@ELSEWHERE/],
      ['no ticket', { user: undefined, password: undefined }, /no Kerberos ticket for this log-on/],
      ['no ticket for the user that is named', { password: undefined }, /ticket for engineer@LAB\.EXAMPLE/],
    ];
    for (const [what, given, message] of refused) {
      it(`not with ${what}: one sentence, no secret`, async () => {
        await assert.rejects(open(given), (error) => {
          assert.ok(error instanceof AuthError);
          assert.match(error.message, message);
          assert.doesNotMatch(JSON.stringify([error.message, error.remedy, error.stack, String(error.cause)]), /wrong-password|a ticket, please/);
          return true;
        });
      });
    }
  });

  for (const [encryption, header, padding] of encryptions) {
    it(`seals in both directions with ${encryption}: a header of ${header} bytes`, async () => {
      const session = await establish({}, undefined, encryption);
      const sealing = sealingOf(session);
      assert.equal(sealing.protocol, 'application/HTTP-Kerberos-session-encrypted');
      for (const size of [1, 15, 16, 17, 500, 100_000]) {
        const text = Buffer.alloc(size, 'x');
        const sealed = await sealing.seal(text);
        // RFC 2743's frame states its own length, in more octets the more there is; AES does without that frame.
        const framed = padding === 0 || size < 80 ? 0 : size < 65_000 ? 2 : 3;
        assert.equal(sealed.header.length, header + framed);
        assert.equal(sealed.data.length, size + padding);
        assert.equal(sealed.padding, padding);
        assert.deepEqual(session.server.unwrap(Buffer.concat([sealed.header, sealed.data])), text);
        const strict = await sealing.seal(text);
        assert.deepEqual(session.server.unwrapInPlace(strict.header, strict.data).subarray(0, size), text);
        const wrapped = session.server.wrap(text);
        // A server may cut its token anywhere: header and data are one token.
        assert.deepEqual(Buffer.from(await sealing.unseal(wrapped.subarray(0, header), wrapped.subarray(header))), text);
      }
    });
  }

  it('takes the server\'s tokens with every right rotation count', async () => {
    const { sealing, server } = await establish();
    assert.ok(sealing !== undefined);
    const text = Buffer.from('rotated as a Windows server does');
    const size = server.wrap(text).length;
    await assert.rejects(async () => sealing.unseal(Buffer.alloc(0), server.wrap(text)), AuthError, 'the one before was left out');
    const again = await establish();
    for (let count = 0; count <= size - 16; count++) {
      const token = withRotation(again.server.wrap(text), count);
      assert.deepEqual(Buffer.from(await sealingOf(again).unseal(token.subarray(0, 60), token.subarray(60))), text);
    }
  });

  it('keeps the order of overlapping calls', async () => {
    const session = await establish();
    const texts = Array.from({ length: 50 }, (_, i) => Buffer.from(`message ${i}`.repeat(50 - i)));
    const sealed = await Promise.all(texts.map(async (text) => sealingOf(session).seal(text)));
    assert.deepEqual(sealed.map(({ header, data }) => session.server.unwrap(Buffer.concat([header, data]))), texts);
  });

  it('refuses a sealed message with a bit flipped in any byte', async () => {
    let at = 0;
    for (let length = 1; at < length; at++) {
      const session = await establish();
      const token = session.server.wrap(Buffer.from('genuine'));
      ({ length } = token);
      token[at] = (token[at] ?? 0) ^ (1 << at % 8);
      await assert.rejects(async () => sealingOf(session).unseal(token.subarray(0, 60), token.subarray(60)), AuthError, `byte ${at}`);
    }
    assert.equal(at, 67);
  });

  it('refuses a message that comes twice', async () => {
    const session = await establish();
    const token = session.server.wrap(Buffer.from('once'));
    await sealingOf(session).unseal(token.subarray(0, 60), token.subarray(60));
    await assert.rejects(async () => sealingOf(session).unseal(token.subarray(0, 60), token.subarray(60)), AuthError);
  });

  it('refuses a message that is signed but not encrypted', async () => {
    const session = await establish();
    const token = session.server.wrap(Buffer.from('in the clear'), false);
    assert.match(token.toString('latin1'), /in the clear/);
    await assert.rejects(async () => sealingOf(session).unseal(token.subarray(0, 20), token.subarray(20)), /not encrypted/);
  });

  it('binds the TLS connection: another one is refused', async () => {
    const binding = Buffer.from('tls-server-end-point:0123456789abcdef0123456789abcdef');
    const { context } = await establish({ scheme: 'https', channelBinding: binding }, binding);
    assert.equal(context.sealing, undefined);
    await assert.rejects(establish({ scheme: 'https', channelBinding: binding }, Buffer.from('tls-server-end-point:another')), /gss_accept_sec_context/);
  });

  it('needs the server to prove itself', async () => {
    const silent = await open();
    await silent.step(undefined);
    await assert.rejects(silent.step([]), /without proving/);
    const lying = await open();
    await lying.step(undefined);
    await assert.rejects(lying.step([`Kerberos ${Buffer.from('6030060b2a864886f712010202020000', 'hex').toString('base64')}`]), AuthError);
    const refused = await open();
    await refused.step(undefined);
    await assert.rejects(refused.step(['Kerberos']), /refused the Kerberos ticket for host\/localhost/);
  });

  it('is what Negotiate takes where there is a ticket, with sealing of its own', async () => {
    await realm.kinit('engineer', password);
    for (const given of [{ user: undefined, password: undefined }, {}]) {
      const { context, sealing, server } = await establish({ auth: 'negotiate', ...given });
      assert.equal(context.name, 'Negotiate (Kerberos)');
      assert.ok(sealing !== undefined);
      assert.equal(sealing.protocol, 'application/HTTP-SPNEGO-session-encrypted');
      const sealed = await sealing.seal(Buffer.from('inside SPNEGO'));
      assert.deepEqual(server.unwrap(Buffer.concat([sealed.header, sealed.data])).toString(), 'inside SPNEGO');
      const wrapped = server.wrap(Buffer.from('and back'));
      assert.equal(Buffer.from(await sealing.unseal(wrapped.subarray(0, 60), wrapped.subarray(60))).toString(), 'and back');
    }
  });

  it('gives way to NTLM in Negotiate where the KDC does not know the server', async () => {
    const context = await open({ auth: 'negotiate', host: 'unknown.lab.example' });
    assert.equal(context.name, 'Negotiate (NTLM)');
    assert.match(Buffer.from(tokenOf(await context.step(undefined), 'Negotiate')).toString('latin1'), /NTLMSSP\0/);
  });

  it('does not try a password with NTLM that the KDC refused', async () => {
    await assert.rejects(open({ auth: 'negotiate', password: new PlainSecret('wrong-password') }), /KDC refused/);
  });

  it('survives being disposed while a call is running', async () => {
    const session = await establish();
    const running = sealingOf(session).seal(Buffer.alloc(1_000_000));
    session.context.dispose();
    const results = await Promise.allSettled([running, (async () => sealingOf(session).seal(Buffer.alloc(1)))()]);
    assert.equal(results[1].status, 'rejected');
  });
});

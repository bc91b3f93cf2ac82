import assert from 'node:assert/strict';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import { readChallenges } from '../../../src/remote/auth/challenges.ts';
import type { AuthOptions } from '../../../src/remote/auth/context.ts';
import { createAuthContext } from '../../../src/remote/auth/create.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';

const secret = 'p:ä"55';
const options: AuthOptions = { auth: 'basic', scheme: 'https', host: 'connect01', user: 'engineer', password: new PlainSecret(secret), channelBinding: undefined };

async function refusal(work: Promise<unknown>): Promise<AuthError> {
  let caught: unknown;
  await work.catch((error: unknown) => { caught = error; });
  assert.ok(caught instanceof AuthError, String(caught));
  assert.ok(!`${caught.message} ${caught.remedy} ${caught.stack ?? ''}`.includes(secret));
  return caught;
}

describe('Basic (RFC 7617)', () => {
  it('sends user and password in UTF-8 with each request', async () => {
    const context = await createAuthContext(options);
    const header = `Basic ${Buffer.from(`engineer:${secret}`, 'utf8').toString('base64')}`;
    assert.deepEqual([context.name, context.complete, context.perRequest, context.sealing], ['Basic', true, true, undefined]);
    assert.equal(await context.step(undefined), header);
    assert.equal(await context.step(undefined), header);
    assert.equal(await context.step([]), undefined);
  });

  it('is refused over http before anything is sent, the password untouched', async () => {
    const untouched = { kind: 'secure-string' as const, reveal: (): never => { throw new Error('revealed'); } };
    const error = await refusal(createAuthContext({ ...options, scheme: 'http', password: untouched }));
    assert.equal(error.reason, 'unsupported');
    assert.match(error.message, /refused over http/);
  });

  it('needs a user without a colon, and a password', async () => {
    assert.match((await refusal(createAuthContext({ ...options, user: undefined }))).message, /needs a user and a password/);
    assert.match((await refusal(createAuthContext({ ...options, password: undefined }))).message, /needs a user and a password/);
    assert.match((await refusal(createAuthContext({ ...options, user: 'a:b' }))).message, /colon/);
  });

  it('says that it was refused, and ends with dispose', async () => {
    const context = await createAuthContext(options);
    await context.step(undefined);
    const error = await refusal(context.step(['Basic realm="WSMAN"']));
    assert.equal(error.reason, 'authentication-failed');
    assert.match(error.message, /refused the Basic log-on of engineer/);
    context.dispose();
    await refusal(context.step(undefined));
  });
});

describe('the client certificate', () => {
  it('names the profile with each request', async () => {
    const context = await createAuthContext({ ...options, auth: 'certificate', user: undefined, password: undefined });
    assert.deepEqual([context.name, context.complete, context.perRequest], ['client certificate', true, true]);
    assert.equal(await context.step(undefined), 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual');
    assert.equal(await context.step([]), undefined);
    assert.match((await refusal(context.step(['Negotiate']))).message, /refused the client certificate/);
  });

  it('is refused over http', async () => {
    assert.equal((await refusal(createAuthContext({ ...options, auth: 'certificate', scheme: 'http' }))).reason, 'unsupported');
  });
});

describe('NTLM without what it needs', () => {
  it('says what is missing', async () => {
    assert.match((await refusal(createAuthContext({ ...options, auth: 'ntlm', user: undefined }))).message, /needs a user/);
    assert.match((await refusal(createAuthContext({ ...options, auth: 'ntlm', password: undefined }))).message, /needs the password of engineer/);
  });
});

describe('answers to the first NTLM token', () => {
  const cases: readonly (readonly [what: string, challenges: readonly string[], reason: AuthError['reason'], message: RegExp])[] = [
    ['another scheme only', ['Basic realm="WSMAN"'], 'unsupported', /does not take Negotiate authentication; it offers basic\./],
    ['several other schemes in one line', ['Basic realm="a, b", Kerberos'], 'unsupported', /offers basic, kerberos\./],
    ['the scheme without a token', ['Negotiate', 'Basic realm="WSMAN"'], 'authentication-failed', /refused to start NTLM/],
    ['no scheme at all', [], 'bad-peer', /without proving/],
    ['a token that is no base64', ['Negotiate ????'], 'bad-peer', /not base64/],
    ['a token that is no NTLM', [`Negotiate ${Buffer.from('something else entirely').toString('base64')}`], 'bad-peer', /not NTLM/],
    ['a token of unreasonable size', [`Negotiate ${'A'.repeat(300_000)}`], 'bad-peer', /too large/],
    ['a header of unreasonable size', ['x'.repeat(600_000)], 'bad-peer', /unreasonable size/],
    ['endless schemes', [Array.from({ length: 100 }, (_, i) => `Scheme${i}`).join(',')], 'bad-peer', /more than 32/],
  ];
  for (const [what, challenges, reason, message] of cases) {
    it(`${what}: one error`, async () => {
      const context = await createAuthContext({ ...options, auth: 'ntlm', scheme: 'http' });
      await context.step(undefined);
      const error = await refusal(context.step(challenges));
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      assert.equal(context.complete, false);
    });
  }

  it('cannot be started twice', async () => {
    const context = await createAuthContext({ ...options, auth: 'ntlm', scheme: 'http' });
    await context.step(undefined);
    await refusal(context.step(undefined));
  });
});

describe('WWW-Authenticate', () => {
  const token = Buffer.from('token').toString('base64');
  const cases: readonly (readonly [values: readonly string[], expected: readonly (readonly [scheme: string, token?: string])[]])[] = [
    [[], []],
    [['Negotiate'], [['negotiate']]],
    [[`Negotiate ${token}`], [['negotiate', 'token']]],
    [[`negotiate   ${token}`.replace('   ', ' ')], [['negotiate', 'token']]],
    [['Negotiate', 'Kerberos', 'Basic realm="WSMAN"'], [['negotiate'], ['kerberos'], ['basic']]],
    [['Negotiate, Kerberos, Basic realm="WSMAN"'], [['negotiate'], ['kerberos'], ['basic']]],
    [['Basic realm="a", charset="UTF-8", Negotiate'], [['basic'], ['negotiate']]],
    [['', ' , '], []],
  ];
  for (const [values, expected] of cases) {
    it(JSON.stringify(values), () => {
      assert.deepEqual(readChallenges(values).map((found) => found.token === undefined ? [found.scheme] : [found.scheme, Buffer.from(found.token).toString()]), expected);
    });
  }
});

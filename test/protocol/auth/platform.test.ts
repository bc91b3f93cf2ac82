import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import { AuthError } from '../../../src/remote/auth/error.ts';
import { kindOfStatus } from '../../../src/remote/auth/kerberos/failure.ts';
import { GssLibrary } from '../../../src/remote/auth/kerberos/gss-library.ts';
import { loadKoffi, prepareKoffi } from '../../../src/remote/auth/kerberos/koffi.ts';
import { openKerberos } from '../../../src/remote/auth/kerberos/open.ts';
import { SlowRefusals } from '../../../src/remote/auth/kerberos/slow-refusals.ts';
import { principalOf, spell } from '../../../src/remote/auth/kerberos/principal.ts';

describe('Kerberos where it cannot be had', () => {
  it('needs the platform package: says so where koffi is missing', async () => {
    await assert.rejects(prepareKoffi(() => Promise.reject(new Error('Cannot find package \'koffi\''))), (error) => {
      assert.ok(error instanceof AuthError);
      assert.deepEqual([error.reason, error.message], ['unsupported', 'Kerberos needs the platform package.']);
      return true;
    });
  });

  it('says so where the system has no GSSAPI library', async () => {
    const koffi = await loadKoffi();
    assert.throws(() => new GssLibrary(koffi, 'aix'), (error) => error instanceof AuthError && error.reason === 'unsupported' && error.message.includes('no Kerberos library'));
  });

  it('waits for a silent KDC no longer than its limit', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => { sockets.push(socket); }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'silent-kdc-'));
    const file = join(folder, 'krb5.conf');
    writeFileSync(file, `[libdefaults]\n default_realm = SILENT.EXAMPLE\n dns_lookup_kdc = false\n dns_canonicalize_hostname = false\n udp_preference_limit = 1\n[realms]\n SILENT.EXAMPLE = {\n  kdc = 127.0.0.1:${(silent.address() as AddressInfo).port}\n }\n`);
    const before = process.env['KRB5_CONFIG'];
    process.env['KRB5_CONFIG'] = file;
    try {
      const opened = await openKerberos({ auth: 'negotiate', scheme: 'http', host: 'localhost', user: 'engineer@SILENT.EXAMPLE', password: new PlainSecret('x'), channelBinding: undefined }, 300);
      assert.ok('unavailable' in opened);
      assert.match(opened.unavailable.message, /no KDC answered within 0\.3 s/);
      assert.ok(sockets.length > 0, 'it was asked');
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, 'KRB5_CONFIG');
      else process.env['KRB5_CONFIG'] = before;
      silent.close();
      // The library's own call ends with its connection.
      for (const socket of sockets) socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a domain controller out of reach', () => {
  /** Opens one connection after another; each attempt takes as long as it says. */
  async function attempts(steps: readonly (readonly [key: string, at: number, takes: number])[]): Promise<boolean[]> {
    let now = 0;
    const slow = new SlowRefusals(() => now);
    const asked: boolean[] = [];
    for (const [key, at, takes] of steps) {
      now = at;
      let opened = false;
      await slow.orOpen(key, () => {
        opened = true;
        now += takes;
        return Promise.resolve({ unavailable: new AuthError('authentication-failed', 'No KDC.', 'Wait.') });
      });
      asked.push(opened);
    }
    return asked;
  }

  it('is asked once in two minutes for each user and server', async () => {
    assert.deepEqual(await attempts([['a', 0, 15_000], ['a', 15_100, 0], ['b', 15_200, 15_000], ['a', 134_000, 0], ['a', 136_000, 0]]), [true, false, true, false, true]);
  });

  it('is asked every time where it answers fast', async () => {
    assert.deepEqual(await attempts([['a', 0, 100], ['a', 200, 100]]), [true, true]);
  });
});

describe('what Kerberos\' errors mean', () => {
  const base = -1765328384;
  const noCredentials = 7 << 16;
  const failure = 13 << 16;
  const cases: readonly (readonly [what: string, major: number, minor: number, kind: string])[] = [
    ['KDC_ERR_C_PRINCIPAL_UNKNOWN', failure, base + 6, 'credentials-refused'],
    ['KDC_ERR_S_PRINCIPAL_UNKNOWN', failure, base + 7, 'service-unknown'],
    ['KDC_ERR_CLIENT_REVOKED', noCredentials, base + 18, 'credentials-refused'],
    ['KDC_ERR_KEY_EXPIRED', failure, base + 23, 'credentials-refused'],
    ['KDC_ERR_PREAUTH_FAILED', failure, base + 24, 'credentials-refused'],
    ['KRB_AP_ERR_SKEW', failure, base + 37, 'clock-skew'],
    ['GSS_S_NO_CRED', noCredentials, 39756033, 'no-ticket'],
    ['GSS_S_CREDENTIALS_EXPIRED', 11 << 16, 0, 'no-ticket'],
    ['GSS_S_FAILURE', failure, 0, 'other'],
  ];
  for (const [what, major, minor, kind] of cases) {
    it(`${what}: ${kind}`, () => { assert.equal(kindOfStatus(major, minor >>> 0), kind); });
  }
});

describe('Kerberos principals', () => {
  const cases: readonly (readonly [user: string, principal: string])[] = [
    ['engineer', 'engineer'],
    ['engineer@contoso.example', 'engineer@CONTOSO.EXAMPLE'],
    ['contoso.example\\engineer', 'engineer@CONTOSO.EXAMPLE'],
    ['CONTOSO\\engineer', 'engineer@CONTOSO'],
    ['first.last@sub@contoso.example', 'first.last\\@sub@CONTOSO.EXAMPLE'],
    ['with/slash@contoso.example', 'with\\/slash@CONTOSO.EXAMPLE'],
  ];
  for (const [user, principal] of cases) {
    it(`${user} is ${principal}`, () => { assert.equal(spell(principalOf(user)), principal); });
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { SecureVersion } from 'node:tls';
import { SoapClient } from './support/soap-client.ts';
import { TestListener, type ListenerServer } from './support/test-listener.ts';

const mutual = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

interface Answer { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly offers: readonly string[]; readonly body: string }

describe('the listener\'s HTTP', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let server: ListenerServer;
  let message: string;
  before(async () => {
    listener = await TestListener.start([{ name: 'bare' }]);
    server = listener.server('bare');
    using client = new SoapClient(server, '');
    message = client.envelope({ action: 'Get', resource: 'http://schemas.microsoft.com/wbem/wsman/1/config' });
  });
  after(async () => { await listener[Symbol.asyncDispose](); });

  /** One request on a connection of its own. */
  const ask = async (scheme: 'http' | 'https', headers: Readonly<Record<string, string>>, more: https.RequestOptions = {}): Promise<Answer> => await new Promise((resolve, reject) => {
    const options: https.RequestOptions = {
      host: 'localhost', family: 4, port: scheme === 'https' ? server.httpsPort : server.httpPort, path: '/wsman', method: 'POST', agent: false,
      headers: { 'Content-Type': 'application/soap+xml;charset=UTF-8', ...headers }, ...(scheme === 'https' && { ca: readFileSync(server.caFile) }), ...more,
    };
    const sent = (scheme === 'https' ? https : http).request(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => { body += text; });
      response.once('end', () => {
        const raw = response.rawHeaders;
        const offers = raw.flatMap((name, index) => (index % 2 === 0 && name.toLowerCase() === 'www-authenticate' ? [raw[index + 1] ?? ''] : []));
        resolve({ status: response.statusCode ?? 0, headers: response.headers, offers, body });
      });
    });
    sent.once('error', reject);
    sent.end(options.method === 'POST' ? message : undefined);
  });
  const basic = (): Record<string, string> => ({ Authorization: `Basic ${Buffer.from(listener.credentials('labadmin')).toString('base64')}` });

  it('offers Negotiate and Kerberos, and Basic over TLS only', async () => {
    const plain = await ask('http', {});
    assert.equal(plain.status, 401);
    assert.equal(plain.body, '');
    assert.deepEqual(plain.offers, ['Negotiate', 'Kerberos']);
    assert.deepEqual((await ask('https', {})).offers, ['Negotiate', 'Kerberos', 'Basic realm="WSMAN"']);
  });

  it('takes Basic over TLS, by domain and without it, and never over plain HTTP', async () => {
    assert.equal((await ask('https', basic())).status, 200);
    const short = `labadmin:${listener.passwords.labadmin}`;
    assert.equal((await ask('https', { Authorization: `Basic ${Buffer.from(short).toString('base64')}` })).status, 200);
    assert.equal((await ask('https', { Authorization: `Basic ${Buffer.from(`FABRIKAM\\${short}`).toString('base64')}` })).status, 401);
    assert.equal((await ask('http', basic())).status, 401);
  });

  it('answers a token that is none with 401, and stays', async () => {
    for (const value of ['Negotiate', 'Negotiate !', 'Negotiate AAAA', 'Kerberos TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA=', 'Digest x', 'Basic !', 'Basic AAAA']) {
      assert.equal((await ask('https', { Authorization: value })).status, 401, value);
    }
    assert.equal((await ask('https', basic())).status, 200);
  });

  it('answers only POST, only at /wsman', async () => {
    assert.equal((await ask('https', basic(), { method: 'GET' })).status, 405);
    assert.equal((await ask('https', basic(), { path: '/powershell' })).status, 404);
    assert.equal((await ask('https', basic(), { path: '/wsman?PSVersion=5.1.20348.2849' })).status, 200);
  });

  describe('with a client certificate', () => {
    const own = (): https.RequestOptions => ({ cert: readFileSync(listener.listening.clientCertificateFile), key: readFileSync(listener.listening.clientKeyFile) });

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const satisfies readonly SecureVersion[]) {
      it(`lets its account in over ${version}`, async () => {
        assert.equal((await ask('https', { Authorization: mutual }, { ...own(), minVersion: version, maxVersion: version })).status, 200);
      });
    }

    it('wants the header as well as the certificate', async () => {
      assert.equal((await ask('https', {}, own())).status, 401);
      assert.equal((await ask('https', { Authorization: mutual })).status, 401);
      assert.equal((await ask('http', { Authorization: mutual })).status, 401);
    });

    it('knows its own authority only', async () => {
      await using other = await TestListener.start([{ name: 'bare' }]);
      const foreign = { cert: readFileSync(other.listening.clientCertificateFile), key: readFileSync(other.listening.clientKeyFile) };
      assert.equal((await ask('https', { Authorization: mutual }, foreign)).status, 401);
    });
  });

  it('has a certificate for localhost and its computer name, from its own authority', async () => {
    await assert.rejects(ask('https', basic(), { ca: [] }), /self[- ]signed certificate in certificate chain|unable to (?:get local issuer|verify the first) certificate/i);
    assert.equal((await ask('https', basic(), { servername: 'SYNC02' })).status, 200);
    await assert.rejects(ask('https', basic(), { servername: 'elsewhere.example' }), /ERR_TLS_CERT_ALTNAME_INVALID|altnames/);
  });
});

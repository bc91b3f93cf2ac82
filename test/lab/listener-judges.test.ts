import assert from 'node:assert/strict';
import { goJob, goWinrm, httpJob, httpsJob, mitKerberos, pywinrm } from './support/judges/judge.ts';
import { TestRealm } from './support/test-realm.ts';
import { SoapClient } from './support/soap-client.ts';
import { RawShell } from './support/raw-shell.ts';
import { TestListener, type ListenerServer } from './support/test-listener.ts';

const script = '\'one\'; "$(1 + 1)"; \'é\'; exit 3';

describe('the listener, judged by other people\'s clients', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let server: ListenerServer;
  before(async () => {
    listener = await TestListener.start([{ name: 'bare' }]);
    server = listener.server('bare');
  });
  after(async () => { await listener[Symbol.asyncDispose](); });

  describe('pywinrm', () => {
    it('runs a script over HTTP with NTLM, every body sealed', async () => {
      const judged = await pywinrm({ ...httpJob(server, listener), transport: 'ntlm', script, options: { message_encryption: 'always' } });
      assert.deepEqual(judged, { status: 3, stdout: 'one\r\n2\r\né\r\n', stderr: '' });
    });

    it('is refused over HTTP where it doesn\'t seal', async () => {
      const judged = await pywinrm({ ...httpJob(server, listener), transport: 'ntlm', script, options: { message_encryption: 'never' } });
      assert.equal(judged.error, 'WinRMTransportError');
      assert.match(judged.message ?? '', /Code 500/);
    });

    it('is refused with a wrong password, whatever the way', async () => {
      for (const job of [{ ...httpJob(server, listener), transport: 'ntlm' }, { ...httpsJob(server, listener), transport: 'ntlm' }, { ...httpsJob(server, listener), transport: 'basic' }]) {
        assert.equal((await pywinrm({ ...job, script, password: `${listener.passwords.labadmin}x` })).error, 'InvalidCredentialsError', JSON.stringify(job.transport));
      }
    });

    it('is refused with Basic over HTTP', async () => {
      assert.equal((await pywinrm({ ...httpJob(server, listener), transport: 'basic', script })).error, 'InvalidCredentialsError');
    });

    for (const transport of ['ntlm', 'basic'] as const) {
      it(`runs a script over HTTPS with ${transport}`, async () => {
        const judged = await pywinrm({ ...httpsJob(server, listener), transport, script });
        assert.deepEqual(judged, { status: 3, stdout: 'one\r\n2\r\né\r\n', stderr: '' });
      });
    }

    it('runs a script over HTTPS with a client certificate', async () => {
      const options = { ca_trust_path: server.caFile, cert_pem: listener.listening.clientCertificateFile, cert_key_pem: listener.listening.clientKeyFile };
      const judged = await pywinrm({ ...httpsJob(server, listener), user: '', password: '', transport: 'certificate', script, options });
      assert.deepEqual(judged, { status: 3, stdout: 'one\r\n2\r\né\r\n', stderr: '' });
    });

    it('gets a script\'s errors as CLIXML, as powershell.exe writes them for an encoded command', async () => {
      const judged = await pywinrm({ ...httpJob(server, listener), transport: 'ntlm', script: 'Write-Error "no <good>"; "after"' });
      assert.match(judged.stderr ?? '', /^#< CLIXML\r\n<Objs Version="1\.1\.0\.1" xmlns="http:\/\/schemas\.microsoft\.com\/powershell\/2004\/04"><S S="Error">no &lt;good&gt;_x000D__x000A_<\/S><\/Objs>$/);
      assert.equal(judged.stdout, 'after\r\n');
    });

    it('runs a command of cmd.exe, and is told of one that doesn\'t exist', async () => {
      const job = { ...httpJob(server, listener), transport: 'ntlm' };
      assert.deepEqual(await pywinrm({ ...job, command: 'hostname' }), { status: 0, stdout: 'SYNC02\r\n', stderr: '' });
      const unknown = await pywinrm({ ...job, command: 'ipconfigure', arguments: ['/all'] });
      assert.equal(unknown.status, 1);
      assert.match(unknown.stderr ?? '', /'ipconfigure' is not recognized as an internal or external command/);
    });
  });

  describe('Go masterzen/winrm', () => {
    it('runs a script over HTTPS with Basic', async () => {
      // This version can only send a script in ASCII.
      const judged = await goWinrm({ ...goJob(server, listener), script: script.replace('\'é\'', '[char]233') });
      assert.deepEqual(judged, { status: 3, stdout: 'one\r\n2\r\né\r\n', stderr: '' });
    });

    it('is refused with a wrong password', async () => {
      assert.match((await goWinrm({ ...goJob(server, listener), script, password: 'wrong' })).error ?? '', /401/);
    });

    it('sends a program its standard input', async () => {
      const judged = await goWinrm({ ...goJob(server, listener), command: 'powershell -Command "[Console]::In.ReadLine().ToUpper()"', stdin: 'abc\n' });
      assert.deepEqual(judged, { status: 0, stdout: 'ABC\r\n', stderr: '' });
    });
  });

  describe('MIT Kerberos', () => {
    let realm: TestRealm;
    let kerberos: TestListener;
    before(async () => {
      realm = await TestRealm.start();
      kerberos = await TestListener.start([{ name: 'bare' }], realm.environment);
    });
    after(async () => {
      await kerberos[Symbol.asyncDispose]();
      await realm[Symbol.asyncDispose]();
    });

    it('lets pywinrm run a script over HTTPS with a ticket', async () => {
      const judged = await pywinrm({ ...httpsJob(kerberos.server('bare'), kerberos), user: realm.principal, password: '', transport: 'kerberos', script }, realm.environment);
      assert.deepEqual(judged, { status: 3, stdout: 'one\r\n2\r\né\r\n', stderr: '' });
    });

    for (const scheme of ['Kerberos', 'Negotiate'] as const) {
      it(`opens what gss_wrap_iov sealed under ${scheme}, and seals what gss_unwrap_iov opens, message after message`, async () => {
        const at = kerberos.server('bare');
        using client = new SoapClient(at, '');
        const shell = new RawShell(client);
        const envelopes = [shell.createEnvelope(), ...Array.from({ length: 3 }, () => client.envelope({ action: 'Get', resource: 'http://schemas.microsoft.com/wbem/wsman/1/config' })), shell.deleteEnvelope()];
        const judged = await mitKerberos({ host: 'localhost', port: at.httpPort, scheme, envelopes }, realm.environment);
        assert.equal(judged.error, undefined, judged.message);
        assert.equal(judged.stderr, '60', 'the header is 60 bytes both ways');
        assert.match(judged.stdout ?? '', /<rsp:Owner>labadmin@LAB\.EXAMPLE<\/rsp:Owner>/);
        assert.equal(judged.stdout?.match(/<cfg:MaxEnvelopeSizekb>500<|MaxEnvelopeSizekb[^>]*>500</g)?.length, 3);
        assert.match(judged.stdout ?? '', /transfer\/DeleteResponse/);
      });
    }

    for (const spoil of ['byte', 'length', 'rotation', 'protocol', 'replay', 'plain'] as const) {
      it(`is refused after one good message where the next has this wrong: ${spoil}`, async () => {
        const at = kerberos.server('bare');
        using client = new SoapClient(at, '');
        const envelopes = Array.from({ length: 2 }, () => client.envelope({ action: 'Get', resource: 'http://schemas.microsoft.com/wbem/wsman/1/config' }));
        const judged = await mitKerberos({ host: 'localhost', port: at.httpPort, scheme: 'Kerberos', envelopes, spoil }, realm.environment);
        assert.equal(judged.error, undefined, judged.message);
        assert.equal(judged.status, 500);
        assert.match(judged.stdout ?? '', /<\/s:Envelope>\n$/, 'the first answer, and no body for the second');
      });
    }

    it('refuses whoever has no ticket', async () => {
      const judged = await pywinrm({ ...httpsJob(kerberos.server('bare'), kerberos), user: realm.principal, password: '', transport: 'kerberos', script }, { ...realm.environment, KRB5CCNAME: 'FILE:/nonexistent/tickets' });
      assert.notEqual(judged.error, undefined);
    });
  });
});

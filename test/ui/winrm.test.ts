// WinRM by mouse: a password over HTTP, a certificate that nobody vouches for over HTTPS.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { answerDialog } from './support/dialog.ts';
import { answerInput, inputType, runCommand } from './support/input.ts';
import { startPractice, type Practice } from './support/practice.ts';
import { terminalText, waitForTerminal, wrapped } from './support/terminal.ts';
import { openViewContainer, treeRow } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A whole snapshot on a busy machine with two cores, in milliseconds. */
const patience = 120_000;

describe('servers over WinRM', function () {
  this.timeout(patience * 2);
  const ends: (() => unknown)[] = [];
  let practice: Practice;
  let workbench: Workbench;
  let page: Page;
  let password: string;
  let httpsPort: number;

  before(async () => {
    practice = await startPractice(['healthy'], true);
    ends.push(() => practice.stop());
    const access = practice.winrm.get('healthy');
    assert.ok(access);
    password = practice.servers[0]?.secrets[access.secret] ?? '';
    ({ httpsPort } = access);
    const entry = `role: active, transport: winrm, host: localhost, user: '${access.user}'`;
    writeFileSync(join(practice.folder, 'winrm.connect.yaml'),
      `version: 1\nservers:\n  - { name: PLAIN, ${entry}, scheme: http, port: ${access.httpPort}, auth: ntlm }\n  - { name: UNKNOWN, ${entry}, scheme: https, port: ${access.httpsPort}, auth: basic }\n`);
    workbench = await openWorkbench({ folder: practice.folder });
    ends.push(() => workbench.close(), () => workbench.screenshot('winrm-last'));
    ({ page } = workbench);
    page.setDefaultTimeout(patience);
    await openViewContainer(page, 'Entra Connect');
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  const connectTo = async (name: string): Promise<void> => {
    const row = treeRow(page, name).first();
    await row.hover();
    await row.getByRole('button', { name: 'Connect' }).click();
  };

  it('shows a certificate that nobody vouches for before it asks for the password, and asks again when that is refused', async () => {
    const socket = connect({ host: '127.0.0.1', port: httpsPort, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = new X509Certificate(socket.getPeerCertificate().raw);
    socket.destroy();
    await connectTo('UNKNOWN');
    const words = await answerDialog(page, 'a certificate that cannot be verified', 'Trust and Connect', patience);
    assert.ok(words.includes(fingerprint256), words);
    await page.locator('.quick-input-widget:visible').waitFor();
    assert.equal(await inputType(page), 'password');
    await answerInput(page, /Password of/, 'not the password');
    await answerInput(page, /refused/, password);
    const row = treeRow(page, 'UNKNOWN').first();
    await row.filter({ hasText: 'healthy' }).waitFor();
    // What connecting said has scrolled away under the diagnosis.
    await runCommand(page, 'Terminal: Scroll to Top');
    await waitForTerminal(page, wrapped('WinRM over HTTPS, authenticated by Basic, encrypted by TLSv1.3'), patience);
    await workbench.screenshot('winrm-encrypted');
  });

  it('connects over HTTP with every message encrypted, and does not ask again for the password of a known domain account', async () => {
    await connectTo('PLAIN');
    const row = treeRow(page, 'PLAIN').first();
    await row.filter({ hasText: 'healthy' }).waitFor();
    await waitForTerminal(page, 'ADSync runs and nothing speaks against it', patience);
    await runCommand(page, 'Terminal: Scroll to Top');
    await waitForTerminal(page, wrapped('WinRM over HTTP, authenticated by NTLM, encrypted by NTLM message encryption'), patience);
    await workbench.screenshot('winrm-connected');
  });

  it('never shows the password', async () => {
    assert.equal((await terminalText(page)).includes(password.slice(0, 24)), false);
  });
});

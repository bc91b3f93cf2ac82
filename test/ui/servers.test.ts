// A healthy server beside one that never answers, by palette and by mouse.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { answerDialog } from './support/dialog.ts';
import { pick, runCommand } from './support/input.ts';
import { startPractice, type Practice } from './support/practice.ts';
import { waitForTerminal } from './support/terminal.ts';
import { openViewContainer, treeRow } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A whole snapshot on a busy machine with two cores, in milliseconds. */
const patience = 120_000;

describe('servers in the tree', function () {
  this.timeout(patience * 2);
  const ends: (() => unknown)[] = [];
  const open = new Set<Socket>();
  let practice: Practice;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    practice = await startPractice(['healthy']);
    ends.push(() => practice.stop());
    // Takes connections and says nothing: a server that hangs.
    const silent = createServer((socket) => { open.add(socket); }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    ends.push(() => { for (const socket of open) socket.destroy(); silent.close(); });
    writeFileSync(join(practice.folder, 'silent.connect.yaml'),
      `version: 1\nservers:\n  - { name: SILENT01, host: 127.0.0.1, port: ${(silent.address() as AddressInfo).port}, role: active, transport: ssh, user: engineer }\n  - { name: BROKEN01, role: active, transport: ssh }\n`);
    workbench = await openWorkbench({ folder: practice.folder });
    ends.push(() => workbench.close());
    ({ page } = workbench);
    page.setDefaultTimeout(patience);
    await openViewContainer(page, 'Entra Connect');
  });

  after(async () => {
    await workbench.screenshot('servers-last');
    for (const end of ends.reverse()) await end();
  });

  it('shows the servers of every file, and an entry with an error as what it is', async () => {
    await treeRow(page, /healthy\s*not connected/).waitFor();
    await treeRow(page, /SILENT01\s*not connected/).waitFor();
    await treeRow(page, /BROKEN01\s*its entry has an error/).waitFor();
  });

  it('asks from the palette which server to connect to, and says how it stands', async () => {
    await runCommand(page, 'Entra Connect: Connect');
    await pick(page, 'healthy');
    await answerDialog(page, 'host key', 'Trust and Connect', patience);
    await page.locator('.sidebar').getByRole('treeitem', { name: /^Server healthy, healthy/ }).waitFor();
  });

  it('cancels on its node the connection to a server that never answers', async () => {
    const silent = treeRow(page, 'SILENT01').first();
    await silent.hover();
    await silent.getByRole('button', { name: 'Connect' }).click();
    await silent.filter({ hasText: 'connecting' }).waitFor();
    await silent.getByRole('button', { name: 'Cancel' }).click();
    await silent.filter({ hasText: 'not connected' }).waitFor();
    await workbench.screenshot('servers-cancelled');
  });

  it('shows the healthy verdict in the terminal of the server', async () => {
    await runCommand(page, 'Entra Connect: Show Terminal');
    await pick(page, 'healthy');
    await waitForTerminal(page, 'ADSync runs and nothing speaks against it', patience);
  });
});

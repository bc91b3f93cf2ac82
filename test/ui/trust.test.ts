// A workspace that is not trusted: its servers are shown and checked, and nothing is connected to.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { answerDialog } from './support/dialog.ts';
import { quickInput } from './support/input.ts';
import { openViewContainer, treeRow } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const patience = 120_000;

describe('a workspace that is not trusted', function () {
  this.timeout(patience * 2);
  const ends: (() => unknown)[] = [];
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'untrusted-'));
    ends.push(() => { rmSync(folder, { recursive: true, force: true }); });
    writeFileSync(join(folder, 'fleet.connect.yaml'), 'version: 1\nservers:\n  - { name: AADC01, host: 127.0.0.1, role: active, transport: ssh, user: engineer }\n');
    workbench = await openWorkbench({ folder, trust: true });
    ends.push(() => workbench.close());
    ({ page } = workbench);
    page.setDefaultTimeout(patience);
    await answerDialog(page, 'trust the authors', /No, I don't trust/, patience);
    await openViewContainer(page, 'Entra Connect');
  });

  after(async () => {
    await workbench.screenshot('trust-last');
    for (const end of ends.reverse()) await end();
  });

  it('shows its servers and says why nothing is connected to', async () => {
    await treeRow(page, 'AADC01').waitFor();
    await page.locator('.sidebar').getByText('This workspace is not trusted').first().waitFor();
  });

  it('offers no command that would reach a server', async () => {
    // The palette only draws the rows that fit: so high that all of ours do.
    await page.setViewportSize({ width: 1280, height: 2400 });
    await page.keyboard.press('F1');
    const box = quickInput(page).locator('.quick-input-box input');
    await box.waitFor();
    await box.fill('>Entra Connect:');
    await quickInput(page).getByRole('option', { name: /Entra Connect: Show Log/ }).first().waitFor();
    const offered = (await quickInput(page).getByRole('option').allInnerTexts()).join('\n');
    assert.doesNotMatch(offered, /Entra Connect: (Connect|Diagnose|Verify|Abandon|Run Plan|Run Recommended)/);
    await page.keyboard.press('Escape');
  });
});

// Somebody who has never seen it: from an empty VS Code to a diagnosed practice server by what the screen offers, by mouse and by keyboard alone.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/vscode/root.mjs';
import { quickInput, runCommand } from './support/input.ts';
import { waitForTerminal } from './support/terminal.ts';
import { activityBarItem, treeRow } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A whole step on a busy machine with two cores, in milliseconds. */
const stepTime = 120_000;
/** The server that is ticked where nothing was chosen yet. */
const ticked = 'stale-scm-password';
/** More than any way through the tree or the view by one key takes. */
const presses = 40;

describe('a newcomer with an empty window', function () {
  this.timeout(stepTime * 2);
  let workbench: Workbench;
  let page: Page;
  let home: string;
  const welcome = (): ReturnType<Page['locator']> => page.locator('.sidebar .welcome-view-content').filter({ hasText: 'No servers yet' });
  const guide = (): ReturnType<Page['locator']> => page.locator('.editor-instance').filter({ hasText: 'These servers are simulated on this machine' });

  /** Presses a key until something holds that the screen shows. */
  const pressUntil = async (key: string, holds: () => Promise<boolean>, wanted: string): Promise<void> => {
    for (let n = 0; n < presses; n++) {
      if (await holds()) return;
      await page.keyboard.press(key);
      await page.waitForTimeout(100);
    }
    await workbench.screenshot('newcomer-lost');
    assert.fail(`${key} never led to ${wanted}`);
  };
  const focusedRow = async (): Promise<string> => (await page.locator('.sidebar .monaco-list-row.focused').allInnerTexts()).join('\n');

  before(async () => {
    // Where .NET's tools lie: VS Code takes its PATH from the login shell, whatever it was started with.
    home = mkdtempSync(join(tmpdir(), 'newcomer-'));
    mkdirSync(join(home, '.dotnet', 'tools'), { recursive: true });
    symlinkSync(join(root, '.cache', 'pwsh', 'pwsh'), join(home, '.dotnet', 'tools', 'pwsh'));
    workbench = await openWorkbench({ env: { HOME: home } });
    ({ page } = workbench);
    page.setDefaultTimeout(stepTime);
  });
  after(async () => {
    await workbench.screenshot('newcomer-last');
    await workbench.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('gets to a diagnosed practice server by mouse', async () => {
    await activityBarItem(page, 'Entra Connect').click();
    await welcome().waitFor();
    await workbench.screenshot('newcomer-welcome');
    await welcome().getByText('Practise', { exact: true }).click();
    await quickInput(page).filter({ hasText: 'Open Practice Lab' }).waitFor();
    await workbench.screenshot('newcomer-servers');
    await quickInput(page).getByText(ticked, { exact: true }).waitFor();
    await quickInput(page).getByRole('button', { name: 'OK' }).click();
    await guide().waitFor();
    const row = treeRow(page, ticked).first();
    await row.filter({ hasText: 'not connected' }).waitFor();
    await workbench.screenshot('newcomer-lab');
    await row.hover();
    await row.getByRole('button', { name: 'Connect' }).click();
    await waitForTerminal(page, '▶ Diagnose', stepTime);
    await treeRow(page, 'Plan:').first().waitFor();
    await workbench.screenshot('newcomer-diagnosed');
  });

  it('gives everything back', async () => {
    await runCommand(page, 'Entra Connect: Close Practice Lab');
    await welcome().waitFor();
    // Passwords that open nothing any more.
    await guide().waitFor({ state: 'detached' });
  });

  it('gets there by keyboard alone', async () => {
    // The palette of the command before may still be closing, and takes a key for itself until it has.
    await quickInput(page).waitFor({ state: 'detached' });
    await page.keyboard.press('F1');
    await quickInput(page).locator('.quick-input-box input').waitFor();
    await page.keyboard.type('Show Entra Connect');
    await quickInput(page).getByRole('option', { name: 'View: Show Entra Connect' }).waitFor();
    await page.keyboard.press('Enter');
    await pressUntil('Tab', () => page.evaluate<boolean>('document.activeElement?.textContent === "Practise"'), 'the link of the welcome view');
    await page.keyboard.press('Enter');
    await quickInput(page).filter({ hasText: 'Open Practice Lab' }).waitFor();
    await quickInput(page).getByText(ticked, { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await guide().waitFor();
    await treeRow(page, ticked).first().filter({ hasText: 'not connected' }).waitFor();
    await pressUntil('ArrowDown', async () => (await focusedRow()).includes(ticked), 'the server in the tree');
    await page.keyboard.press('Shift+F10');
    const chosen = page.locator('.monaco-menu .action-item.focused');
    await chosen.or(page.locator('.monaco-menu')).first().waitFor();
    await pressUntil('ArrowDown', async () => (await chosen.allInnerTexts()).join('').trim().startsWith('Connect'), 'Connect in its menu');
    await page.keyboard.press('Enter');
    await treeRow(page, ticked).first().filter({ hasText: 'old password' }).waitFor();
    await pressUntil('ArrowRight', async () => (await focusedRow()).includes('Windows starts ADSync with a password'), 'the finding');
    await pressUntil('ArrowRight', async () => await treeRow(page, 'Plan:').first().isVisible(), 'what belongs to the finding');
    await pressUntil('ArrowDown', async () => (await focusedRow()).includes('Plan:'), 'the plan');
    await workbench.screenshot('newcomer-keyboard');
  });
});

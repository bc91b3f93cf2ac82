// Somebody who has never seen it: from an empty VS Code to a diagnosed practice server by what the screen offers, by mouse and by keyboard alone.
import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/vscode/root.mjs';
import { quickInput, runCommand } from './support/input.ts';
import { waitForTerminal } from './support/terminal.ts';
import { activityBarItem, treeRow } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A whole step on a busy machine with two cores, in milliseconds. */
const stepTime = 180_000;
/** More than any way through the tree or the view by one key takes. */
const presses = 40;

describe('a newcomer with an empty window', function () {
  this.timeout(stepTime * 2);
  let workbench: Workbench;
  let page: Page;
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
    workbench = await openWorkbench({ env: { PATH: [join(root, '.cache', 'pwsh'), process.env['PATH'] ?? ''].join(delimiter) } });
    ({ page } = workbench);
    page.setDefaultTimeout(stepTime);
  });
  after(async () => {
    await workbench.screenshot('newcomer-last');
    await workbench.close();
  });

  it('gets to a diagnosed practice server by mouse', async () => {
    await activityBarItem(page, 'Entra Connect').click();
    await welcome().waitFor();
    await workbench.screenshot('newcomer-welcome');
    await welcome().getByText('Practise', { exact: true }).click();
    await quickInput(page).filter({ hasText: 'Which servers do you want to practise on?' }).waitFor();
    await workbench.screenshot('newcomer-servers');
    const first = await quickInput(page).getByRole('option').first().locator('.label-description').innerText();
    await quickInput(page).getByRole('button', { name: 'OK' }).click();
    await guide().waitFor();
    const row = treeRow(page, first).first();
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
  });

  it('gets there by keyboard alone', async () => {
    await page.keyboard.press('F1');
    await page.keyboard.type('Show Entra Connect');
    await quickInput(page).getByRole('option', { name: 'View: Show Entra Connect' }).waitFor();
    await page.keyboard.press('Enter');
    await pressUntil('Tab', () => page.evaluate<boolean>('document.activeElement?.textContent === "Practise"'), 'the link of the welcome view');
    await page.keyboard.press('Enter');
    await quickInput(page).filter({ hasText: 'Which servers do you want to practise on?' }).waitFor();
    const first = await quickInput(page).getByRole('option').first().locator('.label-description').innerText();
    await page.keyboard.press('Enter');
    await guide().waitFor();
    await treeRow(page, first).first().filter({ hasText: 'not connected' }).waitFor();
    await pressUntil('ArrowDown', async () => (await focusedRow()).includes(first), 'the server in the tree');
    await page.keyboard.press('Shift+F10');
    const chosen = page.locator('.monaco-menu .action-item.focused');
    await chosen.or(page.locator('.monaco-menu')).first().waitFor();
    await pressUntil('ArrowDown', async () => (await chosen.allInnerTexts()).join('').trim().startsWith('Connect'), 'Connect in its menu');
    await page.keyboard.press('Enter');
    await treeRow(page, 'Plan:').first().waitFor();
    await pressUntil('ArrowDown', async () => (await focusedRow()).includes('Plan:'), 'the plan');
    await workbench.screenshot('newcomer-keyboard');
  });
});

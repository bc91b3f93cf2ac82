// The event viewer in a real workbench: from the tree of a server with a lost key to the plan that a row calls for.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answerDialog } from './support/dialog.ts';
import { eventPage, eventRow, waitForEvents } from './support/eventViewer.ts';
import { quickInput, runCommand } from './support/input.ts';
import { startPractice, type Practice } from './support/practice.ts';
import { expandRow, openViewContainer, treeRow } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A whole step on a busy machine with two cores, in milliseconds. */
const stepTime = 120_000;
const scenario = 'key-lost-current';

describe('the event viewer of a server with a lost key', function () {
  this.timeout(stepTime * 2);
  const ends: (() => Promise<unknown>)[] = [];
  let workbench: Workbench;
  let page: Page;
  let practice: Practice;
  const serverRow = (): ReturnType<typeof treeRow> => treeRow(page, scenario).first();

  before(async () => {
    practice = await startPractice([scenario]);
    ends.push(() => practice.stop());
    workbench = await openWorkbench({ folder: practice.folder });
    ends.push(() => workbench.close(), () => workbench.screenshot('events-last'));
    ({ page } = workbench);
    page.setDefaultTimeout(stepTime);
    await openViewContainer(page, 'Entra Connect');
    await serverRow().hover();
    await serverRow().getByRole('button', { name: 'Connect' }).click();
    await answerDialog(page, 'host key', 'Trust and Connect', stepTime);
    await serverRow().filter({ hasText: 'encryption key lost' }).waitFor();
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('opens at the very row that the finding rests on', async () => {
    await expandRow(treeRow(page, 'The encryption key is lost').first());
    await treeRow(page, 'Event 7024, Service Control Manager').first().click();
    await waitForEvents(page, stepTime);
    await eventRow(page, 7024, true).locator('.cell:focus').waitFor();
    // The older events are still being read: they move the row, and must not take the keyboard from the palette.
    await page.keyboard.press('F1');
    await quickInput(page).waitFor();
    await eventPage(page).getByText('The service ended with a service-specific error.').waitFor();
    await eventRow(page, 6208).first().waitFor();
    await eventPage(page).locator('.status-reading progress').waitFor({ state: 'detached' });
    assert.equal(await quickInput(page).isVisible(), true);
    await page.keyboard.press('Escape');
    await eventRow(page, 7024, true).locator('.cell:focus').waitFor();
  });

  it('looks right in light, dark and high contrast', async () => {
    await runCommand(page, 'View: Toggle Panel Visibility');
    for (const [name, theme] of [['light', 'Light Modern'], ['contrast', 'Dark High Contrast'], ['dark', 'Dark Modern']] as const) {
      await runCommand(page, 'Preferences: Color Theme');
      await quickInput(page).locator('.quick-input-box input').fill(theme);
      await quickInput(page).getByRole('option', { name: theme }).first().click();
      await eventPage(page).locator(`body[data-vscode-theme-name="${theme}"], body[data-vscode-theme-id="${theme}"], body[data-vscode-theme-id="Default ${theme}"]`).waitFor();
      // Everything was read meanwhile: the keyboard is still on the event that was asked for.
      await eventRow(page, 7024, true).waitFor();
      await workbench.screenshot(`events-${name}`);
    }
  });

  it('offers the plan on right-click of the row, and starts it', async () => {
    await eventRow(page, 7024).first().locator('.cell-message').click({ button: 'right' });
    const plan = eventPage(page).getByRole('menuitem', { name: 'Run Plan: Abandon the lost encryption key' });
    await plan.waitFor();
    await workbench.screenshot('events-menu');
    assert.equal(await plan.getAttribute('aria-disabled'), null);
    await plan.click();
    const words = await answerDialog(page, 'Abandon the lost encryption key', 'Start', stepTime);
    assert.match(words, /The one step that cannot be undone/);
    await treeRow(page, 'Running:').waitFor();
    // The run stands still at its first question: calling it off takes the question away, too.
    await quickInput(page).filter({ hasText: 'How did the password' }).waitFor();
    await treeRow(page, 'Running:').hover();
    await treeRow(page, 'Running:').getByRole('button', { name: 'Cancel' }).click();
    await quickInput(page).waitFor({ state: 'detached' });
    await treeRow(page, 'Last run:').waitFor();
  });
});

// The event viewer in a real workbench: from the tree of a server with a lost key to the plan that a row calls for.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answerDialog } from './support/dialog.ts';
import { eventPage, eventRow, waitForEvents } from './support/eventViewer.ts';
import { answerInput, pick, quickInput, runCommand } from './support/input.ts';
import { enterConnectorPassword } from './support/person.ts';
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

  /** Starts the plan from the row of an event, by right-click. */
  const startFrom = async (id: number): Promise<void> => {
    await eventRow(page, id).first().locator('.cell-message').click({ button: 'right' });
    const plan = eventPage(page).getByRole('menuitem', { name: 'Run Plan: Abandon the lost encryption key' });
    await plan.waitFor();
    await workbench.screenshot('events-menu');
    assert.equal(await plan.getAttribute('aria-disabled'), null);
    await plan.click();
    const words = await answerDialog(page, 'Abandon the lost encryption key', 'Start', stepTime);
    assert.match(words, /The one step that cannot be undone/);
    await treeRow(page, 'Running:').waitFor();
    await quickInput(page).filter({ hasText: 'How did the password' }).waitFor();
  };

  it('offers the plan on right-click of the 7024, and starts it; calling it off takes its question away', async () => {
    await startFrom(7024);
    await treeRow(page, 'Running:').hover();
    await treeRow(page, 'Running:').getByRole('button', { name: 'Cancel' }).click();
    await quickInput(page).waitFor({ state: 'detached' });
    await treeRow(page, 'Last run:').waitFor();
  });

  it('repairs the server with the plan that a 6208 leads to', async () => {
    const secret = (name: string): string => practice.servers[0]!.secrets[name] ?? assert.fail(`the lab has no secret ${name}`);
    await startFrom(6208);
    await pick(page, 'Reset');
    await answerDialog(page, 'Start ADSync once', 'Start the service', stepTime);
    await quickInput(page).filter({ hasText: 'Does anybody know the old password' }).waitFor();
    await pick(page, 'No, it is gone');
    await answerDialog(page, 'Abandon the encryption key of SYNC04', 'Abandon the encryption key', stepTime);
    await answerInput(page, 'Type the name that the server reports, SYNC04', 'SYNC04');
    for (const [connector, account, name] of [['adatum.com', 'MSOL_aabbccddeeff', 'forest1'], ['lucerne.example', 'svc-connect', 'forest2']] as const) {
      await treeRow(page, 'Your turn: Enter the password').filter({ hasText: account }).waitFor();
      await enterConnectorPassword(page, scenario, connector, secret(name), stepTime);
    }
    await answerDialog(page, 'Reinitialize the Entra Connector account', 'Reinitialize the account', stepTime);
    await answerInput(page, 'Administrator of the tenant', 'admin@adatum.onmicrosoft.com');
    await answerInput(page, 'Password of admin', secret('entraAdmin'));
    await serverRow().filter({ hasText: 'healthy' }).waitFor();
  });

  it('shows what the server wrote during that run by one click: the new key and the passwords entered', async () => {
    const run = treeRow(page, 'Last run:').first();
    await run.hover();
    await run.getByRole('button', { name: 'Show Events of This Run' }).click();
    await waitForEvents(page, stepTime);
    await eventPage(page).getByRole('button', { name: 'Remove filter Time range' }).waitFor();
    // Room for all of its rows: only those in sight exist.
    await runCommand(page, 'View: Toggle Panel Visibility');
    await eventPage(page).locator('.details-close').click();
    for (const id of [6201, 6603]) await eventRow(page, id).first().waitFor();
    await workbench.screenshot('events-run-current');
  });

  it('comes back after a reload of the window with its filter, and reads when it is asked to', async () => {
    const reloaded = page.waitForEvent('load');
    await runCommand(page, 'Developer: Reload Window');
    await reloaded;
    await page.locator('.monaco-workbench .activitybar').waitFor();
    await waitForEvents(page, stepTime);
    await eventPage(page).getByRole('button', { name: 'Remove filter Time range' }).waitFor();
    // It reads nothing from a server that nobody has asked for.
    await eventPage(page).getByText('This tab was open before the window was reloaded.').first().waitFor();
    await eventPage(page).getByRole('button', { name: 'Retry' }).click();
    await eventPage(page).locator('.body .row .cell-id bdi').first().waitFor();
    await workbench.screenshot('events-reloaded');
  });
});

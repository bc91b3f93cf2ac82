// The main job by mouse: a lost encryption key on the build of the source document, from the first click to a healthy server.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answerDialog, notification } from './support/dialog.ts';
import { eventPage, eventRow, waitForEvents } from './support/eventViewer.ts';
import { answerInput, inputType, pick, quickInput, runCommand } from './support/input.ts';
import { enterConnectorPassword } from './support/person.ts';
import { startPractice, type Practice } from './support/practice.ts';
import { terminalText, waitForTerminal } from './support/terminal.ts';
import { openViewContainer, pickFromContextMenu, treeRow, widenSideBar } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A whole step on a busy machine with two cores, in milliseconds. */
const stepTime = 300_000;
const scenario = 'key-lost-1.1.443';

describe('repair of a lost encryption key, by mouse', function () {
  this.timeout(stepTime * 2);
  const ends: (() => Promise<unknown>)[] = [];
  let practice: Practice;
  let workbench: Workbench;
  let page: Page;

  before(async () => {
    practice = await startPractice([scenario]);
    ends.push(() => practice.stop());
    workbench = await openWorkbench({ folder: practice.folder });
    ends.push(() => workbench.close(), () => workbench.screenshot('repair-last'));
    ({ page } = workbench);
    page.setDefaultTimeout(stepTime);
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  const server = (): Practice['servers'][number] => practice.servers[0]!;
  const serverRow = (): ReturnType<typeof treeRow> => treeRow(page, scenario).first();
  const secret = (name: string): string => {
    const value = server().secrets[name];
    assert.ok(value, `the lab has no secret ${name}`);
    return value;
  };

  it('shows the server of the servers file, not connected', async () => {
    await openViewContainer(page, 'Entra Connect');
    await serverRow().filter({ hasText: 'not connected' }).waitFor();
    await widenSideBar(page, 180);
  });

  it('connects from the node, and asks about the host key with its fingerprint', async () => {
    await serverRow().hover();
    await serverRow().getByRole('button', { name: 'Connect' }).click();
    const words = await answerDialog(page, 'host key', 'Trust and Connect', stepTime);
    assert.ok(words.includes(server().ssh?.hostKeyFingerprint ?? 'no sshd'), words);
    await waitForTerminal(page, 'Connected to SYNC03: Windows PowerShell 5.1', stepTime);
  });

  it('streams the diagnosis to the terminal and shows the finding in the tree', async () => {
    await waitForTerminal(page, /✘ The encryption key is lost/, stepTime);
    await serverRow().filter({ hasText: 'encryption key lost' }).waitFor();
    await treeRow(page, 'Plan: Abandon the lost encryption key').waitFor();
    await workbench.screenshot('repair-diagnosed');
  });

  it('diagnoses again on request', async () => {
    // Watched from before the click; a diagnosis may be over sooner than the tree says so, and the terminal has the command then.
    const printed = async (): Promise<number> => (await terminalText(page)).split('Diagnose').length;
    const before = await printed();
    const began = serverRow().filter({ hasText: 'diagnosing' }).waitFor().catch(() => undefined);
    await pickFromContextMenu(page, serverRow(), 'Diagnose');
    const again = (async (): Promise<void> => { while (await printed() <= before) await page.waitForTimeout(100); })();
    await Promise.race([began, again]);
    again.catch(() => undefined);
    await serverRow().filter({ hasText: 'encryption key lost' }).waitFor({ timeout: stepTime });
  });

  it('shows the whole plan before anything runs', async () => {
    const plan = treeRow(page, 'Plan: Abandon the lost encryption key').first();
    await plan.hover();
    await plan.getByRole('button', { name: 'Run Recommended Plan' }).click();
    const words = await answerDialog(page, 'Abandon the lost encryption key', 'Start', stepTime);
    assert.match(words, /The one step that cannot be undone/);
    await treeRow(page, 'Running:').waitFor();
    await workbench.screenshot('repair-running');
  });

  it('abandons the key only after saying what cannot be undone and for the name that the server reports', async () => {
    await quickInput(page).filter({ hasText: 'Does anybody know the old password' }).waitFor({ timeout: stepTime });
    await pick(page, 'No, it is gone');
    const words = await answerDialog(page, 'Abandon the encryption key of SYNC03', 'Abandon the encryption key', stepTime);
    assert.match(words, /cannot be undone/);
    assert.match(words, /1\.1\.443\.0/);
    const box = quickInput(page).locator('.quick-input-box input');
    await box.fill('SYNC01');
    await box.press('Enter');
    await quickInput(page).filter({ hasText: 'Type SYNC03 exactly.' }).waitFor();
    await workbench.screenshot('repair-typed-name');
    await answerInput(page, 'Type SYNC03 exactly', 'SYNC03');
    await waitForTerminal(page, 'Exit code 0, event MIISKMU 1', stepTime);
  });

  it('waits for the person, with what to do in the tree and in the terminal', async () => {
    await treeRow(page, 'Your turn: Enter the password').waitFor({ timeout: stepTime });
    await notification(page, 'Enter the password').first().waitFor();
    await waitForTerminal(page, 'START → Synchronization Service', stepTime);
    await serverRow().filter({ hasText: 'waiting for you' }).waitFor();
    await workbench.screenshot('repair-waiting');
  });

  it('goes on once the person has entered the connector password elsewhere', async () => {
    await enterConnectorPassword(page, scenario, 'fabrikam.local', secret('forest1'), stepTime);
    // Nothing has to be pressed: the step sees the proof by itself, and takes its notification away.
    await notification(page, 'Enter the password').first().waitFor({ state: 'detached', timeout: stepTime });
    await treeRow(page, 'Your turn').waitFor({ state: 'detached' });
  });

  it('asks for the Entra administrator, the password in a password box', async () => {
    const words = await answerDialog(page, 'Reinitialize the Entra Connector account', 'Reinitialize the account', stepTime);
    assert.match(words, /cannot be brought back/);
    await workbench.screenshot('repair-after-person');
    const box = quickInput(page).locator('.quick-input-box input');
    await box.waitFor();
    await box.fill('admin@fabrikam.onmicrosoft.com');
    await box.press('Enter');
    await quickInput(page).filter({ hasText: 'Password of admin@fabrikam.onmicrosoft.com' }).waitFor();
    assert.equal(await inputType(page), 'password');
    await answerInput(page, 'Password of admin', secret('entraAdmin'));
  });

  it('ends healthy', async () => {
    await serverRow().filter({ hasText: 'healthy' }).waitFor({ timeout: stepTime });
    await runCommand(page, 'Entra Connect: Show Terminal');
    await pick(page, scenario);
    await waitForTerminal(page, 'ADSync runs and nothing speaks against it', stepTime);
    await treeRow(page, 'Last run: Abandon the lost encryption key').waitFor();
    await workbench.screenshot('repair-healthy');
  });

  it('shows what the server wrote during the run by one click: the new key and the secrets entered', async () => {
    const run = treeRow(page, 'Last run:').first();
    await run.hover();
    await run.getByRole('button', { name: 'Show Events of This Run' }).click();
    await waitForEvents(page, stepTime);
    await eventPage(page).getByRole('button', { name: 'Remove filter Time range' }).waitFor();
    for (const id of [6201, 6603]) await eventRow(page, id).first().waitFor();
    await workbench.screenshot('events-run');
  });

  it('gives the transcript an outline, with each step to go to', async () => {
    await runCommand(page, 'Entra Connect: Open Transcript');
    await pick(page, scenario);
    await page.locator('.editor-instance').first().waitFor();
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+Shift+O');
    await quickInput(page).getByRole('option', { name: 'Abandon the encryption key' }).first().waitFor();
    await workbench.screenshot('transcript-symbols');
    await page.keyboard.press('Escape');
  });

  it('never showed a secret', async () => {
    const shown = `${await terminalText(page)}\n${await page.locator('body').innerText()}`;
    for (const [name, value] of Object.entries(server().secrets)) assert.ok(!shown.includes(value), `${name} was shown`);
  });
});

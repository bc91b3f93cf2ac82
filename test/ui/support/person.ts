// What a person does on a simulated server besides VS Code, by the tasks of the practice folder.
import type { Page } from 'playwright-core';
import { answerInput, pick, runCommand } from './input.ts';
import { waitForTerminal } from './terminal.ts';

/** Enters a connector's password in the server's own console; its prompt may take so many milliseconds to come. */
export async function enterConnectorPassword(page: Page, scenario: string, connector: string, password: string, milliseconds: number): Promise<void> {
  await runCommand(page, 'Tasks: Run Task');
  await pick(page, /Practice: enter a connector password/);
  await pick(page, new RegExp(scenario));
  await answerInput(page, /connector/i, connector);
  await waitForTerminal(page, `Password of connector ${connector}`, milliseconds);
  await page.locator('.terminal-wrapper.active').click();
  await page.keyboard.insertText(password);
  await page.keyboard.press('Enter');
}

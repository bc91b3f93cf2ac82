// Pictures of a full viewer, for docs/event-viewer.md.
import type { Page } from 'playwright-core';
import { eventPage } from '../../ui/support/eventViewer.ts';
import { quickInput, runCommand } from '../../ui/support/input.ts';
import type { Workbench } from '../../ui/support/workbench.ts';

const themes = [['light', 'Light Modern'], ['contrast', 'Dark High Contrast'], ['dark', 'Dark Modern']] as const;

/** Saves out/screenshots/events-million-NAME.png for each theme; returns their paths. */
export async function takePictures(workbench: Workbench, page: Page): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const [name, theme] of themes) {
    await runCommand(page, 'Preferences: Color Theme');
    await quickInput(page).locator('.quick-input-box input').fill(theme);
    await quickInput(page).getByRole('option', { name: theme }).first().click();
    await eventPage(page).locator(`body[data-vscode-theme-name="${theme}"], body[data-vscode-theme-id="${theme}"], body[data-vscode-theme-id="Default ${theme}"]`).waitFor();
    await quickInput(page).waitFor({ state: 'detached' });
    taken.push(await workbench.screenshot(`events-million-${name}`));
  }
  return taken;
}

// The quick input: command palette, pick lists and input boxes.
import type { Locator, Page } from 'playwright-core';

/** The open quick input. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget:visible');
}

/** Runs a command from the palette by its full title, e.g. "Entra Connect: Diagnose". */
export async function runCommand(page: Page, title: string): Promise<void> {
  // The one before may still be closing.
  await quickInput(page).waitFor({ state: 'detached' });
  const box = quickInput(page).locator('.quick-input-box input');
  // A key that comes while a page in a frame is being made goes nowhere.
  for (let attempt = 0; attempt < 5 && !await box.isVisible(); attempt++) {
    await page.keyboard.press('F1');
    await box.waitFor({ timeout: 10_000 }).catch(() => undefined);
  }
  await box.waitFor();
  await box.fill(`>${title}`);
  await quickInput(page).getByRole('option', { name: title }).first().click();
}

/** Picks an entry of an open pick list by its label. */
export async function pick(page: Page, label: string | RegExp): Promise<void> {
  await quickInput(page).getByRole('option', { name: label }).first().click();
}

/** Waits for an input box whose title, prompt or placeholder contains `about`, types `value` and accepts it. */
export async function answerInput(page: Page, about: string | RegExp, value: string): Promise<void> {
  const widget = quickInput(page);
  const box = widget.locator('.quick-input-box input');
  await box.waitFor();
  await widget.filter({ hasText: about }).or(widget.filter({ has: page.getByPlaceholder(about) })).first().waitFor();
  await box.fill(value);
  await box.press('Enter');
}

/** What the open input box hides its text as: "password" for a password box. */
export async function inputType(page: Page): Promise<string | null> {
  return quickInput(page).locator('.quick-input-box input').getAttribute('type');
}

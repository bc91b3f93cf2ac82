// Modal dialogs and notifications.
import type { Locator, Page } from 'playwright-core';
import { patience } from './workbench.ts';

/** The open modal dialog. */
export function dialog(page: Page): Locator {
  return page.locator('.monaco-dialog-box');
}

/** Waits for a modal dialog that contains `text`, presses `button`, and waits until it has gone; returns all of its words. */
export async function answerDialog(page: Page, text: string | RegExp, button: string | RegExp, milliseconds = patience): Promise<string> {
  const box = dialog(page).filter({ hasText: text });
  await box.waitFor({ timeout: milliseconds });
  const words = await box.innerText();
  await box.getByRole('button', { name: button }).click();
  await box.waitFor({ state: 'detached' });
  return words;
}

/** A notification that contains `text`. */
export function notification(page: Page, text: string | RegExp): Locator {
  return page.locator('.notifications-toasts .notification-toast, .notifications-center .notification-list-item').filter({ hasText: text });
}

// The event viewer inside the workbench: a page in a frame in a frame.
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The page of the viewer that is in front. */
export function eventPage(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** Waits until the viewer shows its grid. */
export async function waitForEvents(page: Page, milliseconds: number): Promise<void> {
  await eventPage(page).locator('body[data-ready]').waitFor({ timeout: milliseconds });
}

/** Rows with this event id; `chosen`: only the one that has the keyboard. */
export function eventRow(page: Page, id: number, chosen = false): Locator {
  return eventPage(page).locator(`.body .row${chosen ? '[aria-selected="true"]' : ''}:has(.cell-id bdi:text-is("${id}"))`);
}

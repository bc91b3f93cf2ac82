// The side bar: opening a view container and finding rows of a tree by what they show.
import type { Locator, Page } from 'playwright-core';

/** The activity bar's button of a view container. */
export function activityBarItem(page: Page, title: string): Locator {
  return page.locator('.activitybar').getByRole('tab', { name: title });
}

/** Opens a view container by a click in the activity bar, whether or not it is open already. */
export async function openViewContainer(page: Page, title: string): Promise<void> {
  const item = activityBarItem(page, title);
  await item.waitFor();
  if ((await item.getAttribute('aria-expanded')) !== 'true' && (await item.getAttribute('aria-selected')) !== 'true') await item.click();
  await page.locator('.sidebar .composite.title').getByText(title, { exact: false }).first().waitFor();
}

/** Rows of the side bar's trees whose text contains `text`. */
export function treeRow(page: Page, text: string | RegExp): Locator {
  return page.locator('.sidebar').getByRole('treeitem').filter({ hasText: text });
}

/** Opens a tree row by its arrow (a click elsewhere may run its command). */
export async function expandRow(row: Locator): Promise<void> {
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
}

/** Right-clicks `target` and picks the menu entry with this label. */
export async function pickFromContextMenu(page: Page, target: Locator, label: string | RegExp): Promise<void> {
  await target.click({ button: 'right' });
  const entry = page.locator('.monaco-menu').getByRole('menuitem', { name: label });
  await entry.waitFor();
  // VS Code swallows the click that follows a right-click too closely, so the entry is first pointed at.
  await entry.hover();
  await entry.click();
  await page.locator('.monaco-menu').waitFor({ state: 'detached' });
}

/** Drags the side bar's edge to the right by some pixels. */
export async function widenSideBar(page: Page, pixels: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('there is no side bar');
  const [x, y] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + pixels, y, { steps: 5 });
  await page.mouse.up();
}

// The integrated terminal, read from the screen as a person reads it.
import type { Page } from 'playwright-core';
import { patience } from './workbench.ts';

/** The text of the visible terminal, one line a row, without trailing blanks. */
export async function terminalText(page: Page): Promise<string> {
  const rows = await page.locator('.terminal-wrapper.active .xterm-rows > div').allInnerTexts();
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n').trimEnd();
}

/** Waits until the visible terminal shows `expected`, broken into lines or not; fails with what it shows instead. */
export async function waitForTerminal(page: Page, expected: string | RegExp, milliseconds = patience): Promise<string> {
  const pattern = typeof expected === 'string' ? wrapped(expected) : expected;
  const matches = (text: string): boolean => pattern.test(text);
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const text = await terminalText(page);
    if (matches(text)) return text;
    if (Date.now() > deadline) throw new Error(`the terminal does not show ${String(expected)} but:\n${text}`);
    await page.waitForTimeout(100);
  }
}

/** A text that may be broken into lines, at blanks by the extension and anywhere by the terminal. */
export function wrapped(text: string): RegExp {
  return new RegExp(Array.from(text).map((character) => character === ' ' ? '\\s+' : character.replace(/[.*+?^${}()|[\]\\]/, '\\$&')).join('\\n?'));
}

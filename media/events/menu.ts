import { h } from './dom.ts';
import { putKeyboard } from './keyboard.ts';

/** One entry; undefined between entries draws a line. */
export interface MenuItem {
  readonly label: string;
  readonly detail?: string | undefined;
  readonly enabled?: boolean;
  /** Present where the entry is on or off. */
  readonly checked?: boolean;
  readonly run: () => void;
}

let open: { close(): void } | undefined;

/** Opens a menu at a place; arrows, Home, End and first letters move in it, Escape and Tab close it, and the focus goes back. */
export function showMenu(label: string, items: readonly (MenuItem | undefined)[], at: { readonly x: number; readonly y: number }): void {
  open?.close();
  const back = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  const element = h('div', { class: 'menu', role: 'menu', 'aria-label': label });
  const close = (): void => {
    if (open !== handle) return;
    open = undefined;
    removeEventListener('pointerdown', outside, true);
    removeEventListener('blur', close);
    removeEventListener('resize', close);
    const held = element.contains(document.activeElement);
    element.remove();
    if (held) putKeyboard(() => back);
  };
  const handle = { close };
  const outside = (event: Event): void => { if (!element.contains(event.target as Node)) close(); };
  const entries: HTMLElement[] = [];
  for (const item of items) {
    if (item === undefined) {
      if (element.lastElementChild?.getAttribute('role') !== 'separator' && element.childElementCount > 0) element.append(h('div', { role: 'separator', class: 'menu-line' }));
      continue;
    }
    const entry = h('div', {
      class: 'menu-item', role: item.checked === undefined ? 'menuitem' : 'menuitemcheckbox', tabindex: -1,
      'aria-disabled': item.enabled === false ? 'true' : undefined, 'aria-checked': item.checked === undefined ? undefined : String(item.checked),
      click: () => { if (item.enabled !== false) { close(); item.run(); } },
      pointermove: () => { entry.focus({ preventScroll: true }); },
    }, h('span', { class: 'menu-check', 'aria-hidden': 'true' }, item.checked === true ? '\u2713' : ''), h('bdi', { class: 'menu-label' }, item.label),
    item.detail === undefined ? undefined : h('bdi', { class: 'menu-detail' }, item.detail));
    entries.push(entry);
    element.append(entry);
  }
  element.addEventListener('keydown', (event) => { menuKey(event, entries, close); });
  element.addEventListener('contextmenu', (event) => { event.preventDefault(); });
  (document.querySelector('main') ?? document.body).append(element);
  open = handle;
  element.style.left = `${Math.max(0, Math.min(at.x, innerWidth - element.offsetWidth - 4))}px`;
  element.style.top = `${Math.max(0, Math.min(at.y, innerHeight - element.offsetHeight - 4))}px`;
  addEventListener('pointerdown', outside, true);
  addEventListener('blur', close);
  addEventListener('resize', close);
  entries[0]?.focus();
}

/** Just below an element. */
export function below(anchor: HTMLElement): { readonly x: number; readonly y: number } {
  const box = anchor.getBoundingClientRect();
  return { x: box.left, y: box.bottom };
}

function menuKey(event: KeyboardEvent, entries: readonly HTMLElement[], close: () => void): void {
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = (index: number): void => { entries[(index + entries.length) % entries.length]?.focus(); };
  event.stopPropagation();
  switch (event.key) {
    case 'ArrowDown': to(at + 1); break;
    case 'ArrowUp': to(at < 0 ? -1 : at - 1); break;
    case 'Home': to(0); break;
    case 'End': to(-1); break;
    case 'Enter': case ' ': entries[at]?.click(); break;
    case 'Escape': case 'Tab': close(); break;
    default: {
      const letter = event.key.toLocaleLowerCase();
      if (letter.length !== 1) return;
      const order = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
      order.find((entry) => entry.querySelector('.menu-label')?.textContent.toLocaleLowerCase().startsWith(letter) === true)?.focus();
    }
  }
  event.preventDefault();
}

// Where the keyboard is: a page in an iframe takes it from the whole editor as soon as one of its elements is focused.

let due: (() => HTMLElement | null | undefined) | undefined;

/**
 * Puts the keyboard on what `find` finds. While the editor has it elsewhere (the palette, a tree, a dialog), that waits until it
 * comes back to this page, and the last wish counts.
 */
export function putKeyboard(find: () => HTMLElement | null | undefined): void {
  due = undefined;
  if (document.hasFocus()) find()?.focus({ preventScroll: true });
  else due = find;
}

let last: HTMLElement | undefined;
addEventListener('focusin', ({ target }) => { if (target instanceof HTMLElement) last = target; });

addEventListener('focus', () => {
  // A row that was to get it may have left the page meanwhile.
  const wished = due?.();
  due = undefined;
  (wished ?? (last === undefined || document.activeElement !== document.body ? undefined : where()))?.focus({ preventScroll: true });
});

/** Whether the keyboard is, or was before the editor took it, nowhere else in the page than in this element. */
export function isKeyboardFree(element: HTMLElement): boolean {
  const at = document.activeElement === document.body ? last : document.activeElement;
  return at?.isConnected !== true || element.contains(at);
}

/** Where the keyboard was before the editor took it: the editor itself brings it back to no more than the page. A row may stand elsewhere now. */
function where(): HTMLElement | null {
  return last?.isConnected === true && last.closest('.grid') === null ? last : document.querySelector<HTMLElement>('.grid [tabindex="0"]');
}

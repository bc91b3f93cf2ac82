// What changes by itself while events stream in must not take away what a person is doing with it.
import { putKeyboard } from './keyboard.ts';

let pressed: Node | undefined;
const waiting = new Map<Element, () => void>();

addEventListener('pointerdown', ({ target }) => { pressed = target as Node; }, true);
for (const end of ['pointerup', 'pointercancel']) {
  addEventListener(end, () => {
    pressed = undefined;
    // The click comes right after.
    setTimeout(() => {
      const draws = [...waiting];
      waiting.clear();
      for (const [element, draw] of draws) redraw(element, draw);
    });
  }, true);
}

/**
 * Draws the inside of an element anew. While something in it is pressed that waits until it is let go, since a press on what goes away
 * is no click, and the last draw counts. A button that has the keyboard gives it to the one with the same title.
 */
export function redraw(element: Element, draw: () => void): void {
  if (pressed !== undefined && element.contains(pressed)) {
    waiting.set(element, draw);
    return;
  }
  waiting.delete(element);
  const held = element.contains(document.activeElement) ? document.activeElement?.getAttribute('title') : undefined;
  draw();
  if (typeof held === 'string' && !element.contains(document.activeElement)) putKeyboard(() => [...element.querySelectorAll('button')].find((one) => one.title === held));
}

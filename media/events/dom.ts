type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/**
 * Makes an element. Attributes that are false or undefined are left out, functions become listeners, children that are texts become text
 * nodes: nothing that comes from a server is ever read as markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly (Node | string | undefined)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A button with a word or a sign on it; `label` is what a screen reader says where the sign alone would not do. */
export function button(sign: string, label: string, click: (event: MouseEvent) => void, attributes: Attributes = {}): HTMLButtonElement {
  return h('button', { type: 'button', ...(sign === label ? {} : { 'aria-label': label }), title: label, click, ...attributes }, sign);
}

/** Puts other children into an element. */
export function fill(element: Element, ...children: readonly (Node | string | undefined)[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined));
}

/** Sets an attribute only where it changes: screen readers hear every write. */
export function mark(element: Element, name: string, value: string | number | boolean): void {
  const wanted = String(value);
  if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
}

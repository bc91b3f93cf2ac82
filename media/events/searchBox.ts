import type { TextQuery } from '../../src/events/event-filter.ts';
import { limits } from '../../src/events/protocol.ts';
import { button, h, mark } from './dom.ts';
import type { Words } from './words.ts';

/** What the box is told to do by the person. */
export interface SearchOwner {
  /** The query or what it does changed; undefined: nothing is looked for. */
  changed(query: TextQuery | undefined, only: boolean): void;
  step(backwards: boolean): void;
  leave(): void;
}

/** Rest after the last key before anything is searched, in milliseconds. */
const rest = 200;

/** The search box: text or regular expression, next and previous, how many there are, and whether only matches are shown. */
export class SearchBox {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #owner: SearchOwner;
  readonly #input: HTMLInputElement;
  readonly #result = h('span', { class: 'search-result', id: 'search-result' });
  readonly #regex: HTMLButtonElement;
  readonly #case: HTMLButtonElement;
  readonly #only: HTMLButtonElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(words: Words, owner: SearchOwner) {
    this.#words = words;
    this.#owner = owner;
    this.#input = h('input', {
      type: 'text', class: 'search-input', 'aria-label': words.get('search'), placeholder: words.get('search.placeholder'), maxlength: limits.query, spellcheck: 'false', 'aria-describedby': 'search-result',
      input: () => { clearTimeout(this.#timer); this.#timer = setTimeout(() => { this.#changed(); }, rest); },
      keydown: (event: KeyboardEvent) => { this.#key(event); },
    });
    const toggle = (sign: string, key: 'search.regex' | 'search.case' | 'search.only'): HTMLButtonElement => {
      const made = button(sign, words.get(key), () => { mark(made, 'aria-pressed', made.getAttribute('aria-pressed') !== 'true'); this.#changed(); }, { class: 'toggle', 'aria-pressed': 'false' });
      return made;
    };
    this.#case = toggle('Aa', 'search.case');
    this.#regex = toggle('.*', 'search.regex');
    this.#only = toggle('\u2261', 'search.only');
    this.element = h('div', { class: 'search', role: 'search' }, this.#input, this.#case, this.#regex, this.#only,
      button('\u2191', words.get('search.previous'), () => { owner.step(true); }), button('\u2193', words.get('search.next'), () => { owner.step(false); }), this.#result);
  }

  get only(): boolean { return this.#only.getAttribute('aria-pressed') === 'true'; }

  /** What is looked for; undefined: nothing, or something that makes no sense. */
  get query(): TextQuery | undefined {
    const query = this.typed;
    return query.text === '' || problemOf(query) !== undefined ? undefined : query;
  }

  /** What stands in the box. */
  get typed(): TextQuery {
    return { text: this.#input.value, regex: this.#regex.getAttribute('aria-pressed') === 'true', caseSensitive: this.#case.getAttribute('aria-pressed') === 'true' };
  }

  /** Fills the box without searching. */
  set(query: TextQuery, only: boolean): void {
    this.#input.value = query.text;
    mark(this.#regex, 'aria-pressed', query.regex);
    mark(this.#case, 'aria-pressed', query.caseSensitive);
    mark(this.#only, 'aria-pressed', only);
    this.#check();
  }

  /** Puts the keyboard into the box. */
  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** Says what came of it. */
  result(text: string): void {
    if (this.#input.getAttribute('aria-invalid') !== 'true') this.#result.textContent = text;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      clearTimeout(this.#timer);
      if (this.#timer !== undefined) this.#changed();
      this.#owner.step(event.shiftKey);
    } else if (event.key === 'Escape') {
      if (this.#input.value === '') this.#owner.leave();
      else { this.#input.value = ''; this.#changed(); }
    } else if (event.key === 'ArrowDown') this.#owner.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #changed(): void {
    this.#timer = undefined;
    this.#check();
    this.#owner.changed(this.query, this.only);
  }

  #check(): void {
    const problem = problemOf(this.typed);
    mark(this.#input, 'aria-invalid', problem !== undefined);
    this.#result.classList.toggle('problem', problem !== undefined);
    this.#result.textContent = problem === undefined ? '' : this.#words.get('search.invalid', problem);
  }
}

/** Why a query is no regular expression; undefined where it is one, or need not be. */
function problemOf(query: TextQuery): string | undefined {
  if (!query.regex) return undefined;
  try {
    new RegExp(query.text, 'u');
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, '');
  }
}

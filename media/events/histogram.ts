import type { Reply } from '../../src/events/protocol.ts';
import { fill, h, mark } from './dom.ts';
import type { Words } from './words.ts';

const svg = 'http://www.w3.org/2000/svg';
/** Levels from the bottom of a bar to its top, and the classes that colour them. */
const order = [[4, 'information'], [5, 'information'], [0, 'information'], [3, 'warning'], [2, 'error'], [1, 'error']] as const;
const height = 44;

/** Bars of the events over time. Dragging, or two handles moved by keys, chooses a time range. */
export class Histogram {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #time: (time: number) => string;
  readonly #chosen: (from: number, to: number) => void;
  readonly #bars = document.createElementNS(svg, 'svg');
  readonly #brush = h('div', { class: 'brush', 'aria-hidden': 'true' });
  readonly #handles: readonly [HTMLElement, HTMLElement];
  #data: Reply<'histogram'> | undefined;
  /** First and last chosen bucket. */
  #range: [number, number] = [0, 0];

  constructor(words: Words, time: (time: number) => string, chosen: (from: number, to: number) => void) {
    this.#words = words;
    this.#time = time;
    this.#chosen = chosen;
    this.#bars.setAttribute('aria-hidden', 'true');
    this.#bars.setAttribute('preserveAspectRatio', 'none');
    this.#handles = [this.#handle(0, words.get('histogram.from')), this.#handle(1, words.get('histogram.to'))];
    this.element = h('div', { class: 'histogram', role: 'group', 'aria-label': words.get('histogram'), title: words.get('histogram.hint'), pointerdown: (event: PointerEvent) => { this.#drag(event); },
      pointermove: (event: PointerEvent) => { this.#hover(event); } }, this.#brush, ...this.#handles);
    this.element.prepend(this.#bars);
  }

  get #buckets(): number { return this.#data?.levels[0]?.length ?? 0; }

  /** Draws other counts. */
  show(data: Reply<'histogram'>): void {
    const [from, to] = this.#range;
    const last = this.#buckets - 1;
    const [start, end] = [this.#start(from), this.#start(to + 1)];
    this.#data = data;
    // A range that is being chosen keeps its times: events that arrive meanwhile must not take it away.
    this.#range = [from <= 0 ? 0 : this.#bucketOf(start), to >= last ? Math.max(0, this.#buckets - 1) : this.#bucketOf(end - 1)];
    const most = Math.max(1, ...Array.from({ length: this.#buckets }, (_, n) => this.#total(n)));
    this.#bars.setAttribute('viewBox', `0 0 ${Math.max(1, this.#buckets)} ${height}`);
    const bars: Element[] = [];
    for (let n = 0; n < this.#buckets; n++) {
      let top = height;
      for (const [level, kind] of order) {
        const count = data.levels[level]?.[n] ?? 0;
        if (count === 0) continue;
        // A single event among thousands must be seen too.
        const size = Math.max(2, (count / most) * height);
        top -= size;
        const bar = document.createElementNS(svg, 'rect');
        for (const [name, value] of Object.entries({ x: n + 0.08, y: Math.max(0, top), width: 0.84, height: size, class: `bar ${kind}` })) bar.setAttribute(name, String(value));
        bars.push(bar);
      }
    }
    fill(this.#bars, ...bars);
    this.#place();
  }

  #total(n: number): number {
    return this.#data?.levels.reduce((sum, level) => sum + (level[n] ?? 0), 0) ?? 0;
  }

  #start(n: number): number {
    if (this.#data === undefined) return 0;
    return this.#data.from + ((this.#data.to - this.#data.from) * n) / Math.max(1, this.#buckets);
  }

  /** The bucket that holds a time, or the one nearest to it. */
  #bucketOf(time: number): number {
    if (this.#data === undefined) return 0;
    const { from, to } = this.#data;
    // A bound of a bucket is its own, whatever floating point makes of it.
    return Math.max(0, Math.min(this.#buckets - 1, Math.floor(((time - from) / Math.max(1, to - from)) * this.#buckets + 1e-6)));
  }

  #whole(): void { this.#range = [0, Math.max(0, this.#buckets - 1)]; }

  #place(): void {
    const [from, to] = this.#range;
    const last = Math.max(1, this.#buckets);
    const whole = from === 0 && to >= this.#buckets - 1;
    this.element.classList.toggle('brushed', !whole);
    this.#brush.style.left = `${(from / last) * 100}%`;
    this.#brush.style.right = `${(1 - (to + 1) / last) * 100}%`;
    this.#handles[0].style.left = `${(from / last) * 100}%`;
    this.#handles[1].style.left = `${((to + 1) / last) * 100}%`;
    for (const [n, handle] of this.#handles.entries()) {
      mark(handle, 'aria-valuemin', 0);
      mark(handle, 'aria-valuemax', Math.max(0, this.#buckets - 1));
      mark(handle, 'aria-valuenow', this.#range[n] ?? 0);
      const time = this.#start(n === 0 ? from : to + 1);
      mark(handle, 'aria-valuetext', this.#data === undefined || this.#buckets === 0 ? this.#words.get('histogram.empty') : this.#words.get('histogram.bar', this.#time(time), this.#total(this.#range[n] ?? 0)));
    }
  }

  #handle(n: 0 | 1, label: string): HTMLElement {
    return h('div', {
      class: 'handle', role: 'slider', tabindex: 0, 'aria-label': label, 'aria-orientation': 'horizontal', 'aria-valuenow': 0, 'aria-valuemin': 0, 'aria-valuemax': 0,
      keydown: (event: KeyboardEvent) => {
        const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };
        const by = steps[event.key];
        if (by !== undefined) this.#move(n, this.#range[n] + by);
        else if (event.key === 'Enter') this.#choose();
        else if (event.key === 'Escape') { this.#whole(); this.#place(); }
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    });
  }

  #move(n: 0 | 1, bucket: number): void {
    const [from, to] = this.#range;
    const last = Math.max(0, this.#buckets - 1);
    this.#range = n === 0 ? [Math.max(0, Math.min(bucket, to)), to] : [from, Math.min(last, Math.max(bucket, from))];
    this.#place();
  }

  #choose(): void {
    if (this.#data === undefined || this.#buckets === 0) return;
    const [from, to] = this.#range;
    // Chosen: what is drawn next holds nothing else, and is shown whole.
    this.#whole();
    this.#chosen(this.#start(from), this.#start(to + 1));
  }

  #bucketAt(x: number): number {
    const box = this.element.getBoundingClientRect();
    return Math.max(0, Math.min(this.#buckets - 1, Math.floor(((x - box.left) / box.width) * this.#buckets)));
  }

  #hover(event: PointerEvent): void {
    if (this.#buckets === 0) return;
    const n = this.#bucketAt(event.clientX);
    this.element.title = this.#words.get('histogram.bar', this.#time(this.#start(n)), this.#total(n));
  }

  #drag(event: PointerEvent): void {
    if (this.#buckets === 0 || event.button !== 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    const begun = this.#start(this.#bucketAt(event.clientX));
    const move = (moved: PointerEvent): void => {
      const [start, now] = [this.#bucketOf(begun), this.#bucketAt(moved.clientX)];
      this.#range = [Math.min(start, now), Math.max(start, now)];
      this.#place();
    };
    move(event);
    this.element.addEventListener('pointermove', move);
    this.element.addEventListener('lostpointercapture', () => {
      this.element.removeEventListener('pointermove', move);
      this.#choose();
    }, { once: true });
  }
}

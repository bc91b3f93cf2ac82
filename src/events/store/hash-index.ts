/** Free slots look like this; entries are numbers from 0. */
const free = -1;

/**
 * Open addressing over numbers that stand for something kept elsewhere: the caller knows each entry's hash and tells equals apart.
 * Half full at most, 8 to 16 bytes an entry; a Map from strings would hold each key a second time.
 */
export class HashIndex {
  #slots = new Int32Array(1024).fill(free);
  #count = 0;
  readonly #hashOf: (entry: number) => number;

  constructor(hashOf: (entry: number) => number) {
    this.#hashOf = hashOf;
  }

  /** The first entry of this hash that `accept` takes, or -1. */
  find(hash: number, accept: (entry: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let at = mix(hash) & mask; ; at = (at + 1) & mask) {
      const entry = this.#slots[at] ?? free;
      if (entry === free || accept(entry)) return entry;
    }
  }

  add(entry: number): void {
    if (++this.#count * 2 > this.#slots.length) this.#grow();
    this.#put(entry);
  }

  #put(entry: number): void {
    const mask = this.#slots.length - 1;
    let at = mix(this.#hashOf(entry)) & mask;
    while (this.#slots[at] !== free) at = (at + 1) & mask;
    this.#slots[at] = entry;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(free);
    for (const entry of old) if (entry !== free) this.#put(entry);
  }
}

/** Differs from window to window, so that a server cannot choose texts that all fall on one slot. */
const seed = Math.floor(Math.random() * 0x7fffffff);

function mix(hash: number): number {
  let h = hash ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One number for several, for find and add. */
export function hashNumbers(a: number, b: number, c: number): number {
  return (Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d)) | 0;
}

/** FNV-1a over the code units, begun with the window's seed. */
export function hashText(text: string): number {
  let h = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return h | 0;
}

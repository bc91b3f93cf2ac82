/** Few distinct names (servers, logs, providers), numbered in the order in which they came. */
export class NameTable {
  readonly names: string[] = [];
  readonly #codes = new Map<string, number>();

  /** The name's number, or -1. */
  find(name: string): number {
    return this.#codes.get(name) ?? -1;
  }

  intern(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const own = ownCopy(name);
    const code = this.names.push(own) - 1;
    this.#codes.set(own, code);
    return code;
  }

  get(code: number): string {
    return this.names[code] ?? '';
  }
}

/** A string of its own: what was cut from a received document keeps the whole document alive. Lone surrogates stay. */
export function ownCopy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

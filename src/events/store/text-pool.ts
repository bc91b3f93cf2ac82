import { int32 } from './columns.ts';
import { HashIndex, hashText } from './hash-index.ts';
import { PagedTexts } from './paged-texts.ts';

const beyondLatin1 = /[^\u0000-\u00ff]/;

/**
 * Texts kept once each, named by a number. Those within Latin-1 lie in pages of their own, since one other character
 * makes the engine store a whole string in two bytes a character.
 */
export class TextPool {
  readonly narrow = new PagedTexts();
  readonly wide = new PagedTexts();
  /** Code units held. */
  length = 0;
  readonly #hashes = [int32(), int32()] as const;
  readonly #index = new HashIndex((code) => this.#hashes[code & 1 ? 1 : 0].at(code >> 1));

  get count(): number {
    return this.narrow.count + this.wide.count;
  }

  intern(text: string): number {
    const hash = hashText(text);
    const known = this.#index.find(hash, (code) => this.#hashes[code & 1 ? 1 : 0].at(code >> 1) === hash && this.get(code) === text);
    if (known >= 0) return known;
    const wide = beyondLatin1.test(text) ? 1 : 0;
    const code = ((wide === 1 ? this.wide : this.narrow).add(text) << 1) | wide;
    this.#hashes[wide].push(hash);
    this.#index.add(code);
    this.length += text.length;
    return code;
  }

  get(code: number): string {
    return (code & 1 ? this.wide : this.narrow).get(code >> 1);
  }
}

import type { PageTextKey } from '../../src/events/page-text-keys.ts';

/** The page's texts in the person's language, and numbers as they write them. */
export class Words {
  readonly #strings: Readonly<Record<string, string>>;
  readonly #numbers: Intl.NumberFormat;

  constructor(strings: Readonly<Record<string, string>>, locale: string) {
    this.#strings = strings;
    this.#numbers = numberFormat(locale);
  }

  /** A text with its places filled in. */
  get(key: PageTextKey, ...parts: readonly (string | number)[]): string {
    return (this.#strings[key] ?? key).replace(/\{(\d)\}/g, (_, n: string) => {
      const part = parts[Number(n)];
      return typeof part === 'number' ? this.number(part) : part ?? '';
    });
  }

  /** A number with its thousands marked. */
  number(value: number): string {
    return this.#numbers.format(value);
  }

  /** The name of one of Windows' levels. */
  level(level: number): string {
    return level >= 0 && level <= 5 ? this.get(`level.${level}` as PageTextKey) : this.get('level.other', level);
  }
}

function numberFormat(locale: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(locale);
  } catch {
    return new Intl.NumberFormat('en');
  }
}

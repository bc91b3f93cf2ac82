import type { UnitClass } from './syntax.ts';

export const digit: UnitClass = { ranges: [[48, 57]], negated: false };
export const word: UnitClass = { ranges: [[48, 57], [65, 90], [95, 95], [97, 122]], negated: false };
/** ECMAScript's white space and line ends. */
export const space: UnitClass = {
  ranges: [[9, 13], [32, 32], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff]],
  negated: false,
};
export const anyInLine: UnitClass = { ranges: [[10, 10], [13, 13], [0x2028, 0x2029]], negated: true };

export function negate(of: UnitClass): UnitClass {
  return { ranges: of.ranges, negated: !of.negated };
}

export function unit(code: number): UnitClass {
  return { ranges: [[code, code]], negated: false };
}

/** The ranges that a class stands for, without negation. */
export function rangesOf({ ranges, negated }: UnitClass): readonly (readonly [number, number])[] {
  if (!negated) return ranges;
  const made: [number, number][] = [];
  let from = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > from) made.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= 0xffff) made.push([from, 0xffff]);
  return made;
}

export function includes({ ranges, negated }: UnitClass, code: number): boolean {
  return ranges.some(([low, high]) => code >= low && code <= high) !== negated;
}

/** As `includes`, for a text whose capitals were folded: a letter counts in either form, before negation. As in ECMAScript no letter beyond ASCII stands for one within. */
export function includesFolded({ ranges, negated }: UnitClass, code: number): boolean {
  const upper = String.fromCharCode(code).toUpperCase();
  const other = upper.length === 1 && (code < 128 || upper.charCodeAt(0) >= 128) ? upper.charCodeAt(0) : code;
  return ranges.some(([low, high]) => (code >= low && code <= high) || (other >= low && other <= high)) !== negated;
}

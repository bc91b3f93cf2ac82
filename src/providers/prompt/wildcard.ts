/** Longest word that is compared: no name of ours is near it. */
const longest = 80;

/** Whether a word of a text has wildcards that fit one of the names (about_Wildcards: `*`, `?`, `[a-z]`). All in lower case. */
export function fitsAny(text: string, names: readonly string[]): boolean {
  return text.split(' ').some((word) => {
    const pattern = word.replace(/^-\w+:/, '').replace(/^.*[\\/]/, '').replace(/\.exe$/, '');
    return /[*?[]/.test(pattern) && (pattern.length > longest || names.some((name) => fits(pattern, name)));
  });
}

/** Keeps every place that may have been reached instead of going back: a pattern of stars costs no more than another. */
function fits(pattern: string, name: string): boolean {
  let places = new Set([0]);
  for (const part of pattern.match(/\[[^\]]*\]|[^]/g) ?? []) {
    const next = new Set<number>();
    for (const place of places) {
      if (part === '*') for (let at = place; at <= name.length; at++) next.add(at);
      else if (place < name.length && (part === '?' || fitsOne(part, name.charAt(place)))) next.add(place + 1);
    }
    places = next;
  }
  return places.has(name.length);
}

function fitsOne(part: string, c: string): boolean {
  if (part.length < 2) return part === c;
  return (part.slice(1, -1).match(/[^]-[^]|[^]/g) ?? []).some((range) => range === c || (range.length === 3 && range.charAt(0) <= c && c <= range.charAt(2)));
}

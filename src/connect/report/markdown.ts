/** Longest text of one cell. */
const cellLimit = 600;

/** Any value as text inside Markdown: on one line, bounded, and nothing in it is markup. */
export function markdownText(value: unknown): string {
  const text = Array.isArray(value) ? value.map(String).join(', ') : value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ').trim();
  const short = line.length > cellLimit ? `${line.slice(0, cellLimit)}…` : line;
  return short.replace(/[\\`*_[\]<>|~#&]/g, '\\$&');
}

/** A list of names and values; those without a value are left out. */
export function markdownFacts(pairs: readonly (readonly [name: string, value: unknown])[]): string[] {
  return pairs.map(([name, value]) => [name, markdownText(value)] as const).filter(([, value]) => value !== '').map(([name, value]) => `- **${name}**: ${value}`);
}

/** A table; empty without rows. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `| ${columns.join(' | ')} |`, `|${columns.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.map(markdownText).join(' | ')} |`),
  ];
}

/** A heading with what belongs under it, between empty lines; nothing where there is nothing to say. */
export function markdownSection(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${heading}`, '', ...lines, ''];
}

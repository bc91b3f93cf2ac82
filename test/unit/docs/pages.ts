import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root: tests run there. */
export const root = process.cwd();

/** Every Markdown page that a reader is sent to, by its path from the root. */
export const pages: readonly string[] = [
  'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md')).map((file) => join('docs', file)).sort(),
];

export function pageText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The text under one heading, up to the next of its level or above; undefined where the page has no such heading. */
export function section(text: string, heading: string): string | undefined {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) return undefined;
  const level = heading.indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** What stands between `<!-- generated: NAME -->` and the next `<!-- end -->`, replaced by `block`; undefined where the marks are missing. */
export function withBlock(text: string, name: string, block: string): string | undefined {
  const open = `<!-- generated: ${name} -->\n`;
  const from = text.indexOf(open);
  const to = text.indexOf('<!-- end -->', from);
  return from < 0 || to < 0 ? undefined : `${text.slice(0, from + open.length)}${block.trimEnd()}\n${text.slice(to)}`;
}

/** A text in one cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}

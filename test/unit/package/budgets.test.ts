import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { vsixPath } from '../../../scripts/package/path.mjs';
import { root } from '../../../scripts/vscode/root.mjs';
import { zipEntries } from './zip.ts';

const KiB = 1024;
const entry = join(root, 'dist', 'extension.js');

/** A built file and everything that loading it loads at once: its static imports, theirs, and so on. */
function loadedAtOnce(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, path] of text.matchAll(/\b(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g)) loadedAtOnce(join(dirname(file), path!), seen);
  return seen;
}

describe('the packed extension stays within its budgets', () => {
  it('loads at most 60 KiB of code before anything is used', () => {
    const files = [...loadedAtOnce(entry)];
    const total = files.reduce((sum, file) => sum + statSync(file).size, 0);
    assert.ok(total <= 60 * KiB, `${(total / KiB).toFixed(1)} KiB in ${files.length} files: ${files.join(', ')}`);
  });

  it('is at most 600 KiB packed', () => {
    const { size } = statSync(vsixPath);
    assert.ok(size <= 600 * KiB, `${(size / KiB).toFixed(1)} KiB`);
  });

  it('shows events with at most 60 KiB of script', () => {
    const { size } = statSync(join(root, 'dist', 'page', 'main.js'));
    assert.ok(size <= 60 * KiB, `${(size / KiB).toFixed(1)} KiB`);
    const names = zipEntries(vsixPath).map(({ name }) => name).filter((name) => name.startsWith('extension/dist/page/'));
    assert.deepEqual(names.sort(), ['extension/dist/page/events.css', 'extension/dist/page/main.js']);
  });

  it('holds at most 40 files', () => {
    const names = zipEntries(vsixPath).map(({ name }) => name);
    assert.ok(names.length <= 40, `${names.length}: ${names.join(', ')}`);
  });

  it('holds nothing but what ships: no sources, maps, tests, lab or native code', () => {
    const allowed = /^(extension\.vsixmanifest|\[Content_Types\]\.xml|extension\/(package\.json|package\.nls(\.\w+)?\.json|readme\.md|changelog\.md|LICENSE\.txt|dist\/((chunks|page)\/)?[\w.-]+\.js|dist\/page\/events\.css|dist\/lab\.br|media\/([\w-]+\.(png|svg)|servers[\w.-]+\.json)|l10n\/[\w.-]+\.json|docs\/images\/repair\.png))$/;
    const others = zipEntries(vsixPath).map(({ name }) => name).filter((name) => !allowed.test(name));
    assert.deepEqual(others, []);
  });

  it('holds the entry that its manifest names, and every file that the entry loads', () => {
    const names = new Set(zipEntries(vsixPath).map(({ name }) => name));
    const missing = [...loadedAtOnce(entry)].map((file) => `extension/${file.slice(root.length + 1)}`).filter((name) => !names.has(name));
    assert.deepEqual(missing, []);
    const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string };
    assert.equal(join(root, main), entry);
  });
});

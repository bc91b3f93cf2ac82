// Writes the generated parts of the documentation anew: node scripts/build.mjs test && node out/test/unit/docs/write.entry.js
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocks } from './blocks.ts';
import { pageText, root, withBlock } from './pages.ts';

for (const { page, name, make } of blocks) {
  const text = withBlock(pageText(page), name, make());
  if (text === undefined) throw new Error(`${page} has no block ${name}`);
  writeFileSync(join(root, page), text);
}

import assert from 'node:assert/strict';
import { blocks } from './blocks.ts';
import { pageText, withBlock } from './pages.ts';

describe('the generated parts of the documentation', () => {
  for (const { page, name, make } of blocks) {
    it(`${page}: ${name} are what the code says (write them anew: node out/test/unit/docs/write.entry.js)`, () => {
      const text = pageText(page);
      assert.equal(withBlock(text, name, make()), text);
    });
  }
});

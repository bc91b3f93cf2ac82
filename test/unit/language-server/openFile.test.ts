import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { OpenFile } from '../../../src/inventory/server/openFile.ts';
import { cases } from '../../cases.ts';

describe('the lines of an open servers file', () => {
  it('are those of its text after whatever was typed', () => {
    const text = fc.array(fc.constantFrom('a', 'b: 1', '\n', '\r\n', '  - ', ''), { maxLength: 12 }).map((parts) => parts.join(''));
    const edit = fc.record({ from: fc.nat(30), length: fc.nat(10), text });
    fc.assert(fc.property(text, fc.array(edit, { maxLength: 5 }), (begun, edits) => {
      const file = new OpenFile(TextDocument.create('file:///a', '', 1, begun), { analyse: () => Promise.reject(new Error('not asked')), dispose: () => undefined });
      assert.deepEqual(file.lines, file.text.split(/\r\n?|\n/));
      edits.forEach((one, at) => {
        // As an editor counts: never between the two halves of a line's end.
        const document = TextDocument.create('file:///a', '', 1, file.text);
        const start = document.positionAt(one.from);
        const end = document.positionAt(document.offsetAt(start) + one.length);
        file.update([{ range: { start, end }, text: one.text }], at + 2);
        assert.deepEqual(file.lines, file.text.split(/\r\n?|\n/));
      });
    }), cases(2000));
  });
});

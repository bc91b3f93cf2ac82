import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../../src/providers/prompt/history.ts';
import { KeyReader } from '../../../src/providers/prompt/keys.ts';
import { fitting, layOut } from '../../../src/providers/prompt/layout.ts';
import { LineEditor, type EditorAction } from '../../../src/providers/prompt/lineEditor.ts';
import { Painter } from '../../../src/providers/prompt/painter.ts';
import { TestTerminal } from './terminal.ts';

const left = '\u001b[D', right = '\u001b[C', up = '\u001b[A', down = '\u001b[B', home = '\u001b[H', end = '\u001b[F', del = '\u001b[3~', back = '\u007f';
const wordLeft = '\u001b[1;5D', wordRight = '\u001b[1;5C', wordBack = '\u0008', wordDelete = '\u001b[3;5~', tab = '\t', shiftTab = '\u001b[Z';

function make(history: readonly string[] = []): { editor: LineEditor; type: (...data: string[]) => EditorAction[]; shown: () => string } {
  const kept = new History();
  for (const one of history) kept.add(one);
  const editor = new LineEditor(kept);
  const keys = new KeyReader();
  return {
    editor,
    type: (...data) => data.flatMap((piece) => keys.read(piece)).map((typed) => editor.press(typed)),
    shown: () => `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`,
  };
}

describe('line editor', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['puts text in at the cursor', ['Get-Dte', left, left, 'a'], 'Get-Da|te'],
    ['deletes before and at the cursor', ['abcd', left, left, back, del], 'a|d'],
    ['does nothing at the ends', [back, left, right, 'a', right, del], 'a|'],
    ['goes to both ends', ['abc', home, 'x', end, 'y'], 'xabcy|'],
    ['goes by words', ['Get-Date -Year 2026', wordLeft, wordLeft, '!'], 'Get-Date -!|Year 2026'],
    ['goes forth by words', ['one two three', home, wordRight, wordRight], 'one two |three'],
    ['deletes words', ['one two three', wordBack, home, wordDelete], '|two '],
    ['cuts to both ends', ['abcdef', left, left, left, '\u0015', right, '\u000b'], 'd|'],
    ['keeps surrogate pairs whole', ['a😀b', left, left, back], '|😀b'],
    ['takes both halves away at once', ['a😀b', left, back], 'a|b'],
    ['keeps combining marks with their letter', ['e\u0301x', left, back], '|x'],
    ['keeps a family together', ['👨‍👩‍👧x', left, back], '|x'],
    ['takes keys of the application mode', ['ab', '\u001bOD', '\u001bOH', 'x'], 'x|ab'],
    ['drops keys that nobody knows, and control characters', ['a', '\u001b[15~', '\u001b[1;2P', '\u0007', '\u001b[200~b\u001b[31mc\u0000\u001b[201~'], 'ab[31mc|'],
    ['takes a line back', ['abc', '\u001b'], '|'],
    ['deletes with Ctrl+D', ['abc', home, '\u0004'], '|bc'],
  ];
  for (const [name, keys, expected] of cases) {
    it(name, () => {
      const { type, shown } = make();
      type(...keys);
      assert.equal(shown(), expected);
    });
  }

  it('leaves with Ctrl+D on an empty line only', () => {
    const { type } = make();
    assert.deepEqual(type('\u0004').map((action) => action.kind), ['leave']);
    assert.deepEqual(type('a', '\u0004').map((action) => action.kind), ['redraw', 'redraw']);
  });

  it('goes through its history and comes back to what was typed', () => {
    const { type, shown } = make(['first', 'second', 'second']);
    type('new', up);
    assert.equal(shown(), 'second|');
    type(up);
    assert.equal(shown(), 'first|');
    assert.deepEqual(type(up).map((action) => action.kind), ['bell']);
    type(down, down);
    assert.equal(shown(), 'new|');
    assert.deepEqual(type(down).map((action) => action.kind), ['bell']);
  });

  it('moves between the lines of a command before it goes to another one', () => {
    const { type, shown } = make(['old', 'if (1) {\n  2\n}']);
    type(up, up);
    assert.equal(shown(), 'if (1) {\n |2\n}'.replace(' |2', ' | 2'));
    type(up, up);
    assert.equal(shown(), 'old|');
  });

  it('asks once about several lines, and takes one line as typed text', () => {
    const { editor, type } = make();
    assert.deepEqual(type('\u001b[200~one\r\ntwo\r\n', 'three\r\n\u001b[201~'), [{ kind: 'paste', text: 'one\ntwo\nthree', lines: 3 }]);
    assert.deepEqual(type('one\rtwo\r'), [{ kind: 'paste', text: 'one\ntwo', lines: 2 }]);
    assert.equal(editor.text, '');
    type('\u001b[200~Get-Date\r\u001b[201~');
    assert.equal(editor.text, 'Get-Date');
    assert.deepEqual(type('x\r').map((action) => action.kind), ['redraw', 'submit']);
  });

  it('puts no half of what is too long in', () => {
    const { editor, type } = make();
    assert.deepEqual(type('x'.repeat(40_000)).map((action) => action.kind), ['too-long']);
    assert.equal(editor.text, '');
  });

  it('asks for completions and goes through them both ways', () => {
    const { editor, type, shown } = make();
    assert.deepEqual(type('x; Get-Co | y', left, left, left, left, tab).at(-1), { kind: 'complete', text: 'x; Get-Co | y', cursor: 9 });
    editor.complete({ index: 3, length: 6, texts: ['Get-Command', 'Get-Content', 'Get-Counter'] });
    assert.equal(shown(), 'x; Get-Command| | y');
    type(tab);
    assert.equal(shown(), 'x; Get-Content| | y');
    type(shiftTab, shiftTab);
    assert.equal(shown(), 'x; Get-Counter| | y');
    type('s');
    assert.deepEqual(type(tab).map((action) => action.kind), ['complete']);
    assert.equal(shown(), 'x; Get-Counters| | y');
  });

  it('takes no completion that does not fit the line', () => {
    const { editor, type } = make();
    type('abc');
    for (const wrong of [{ index: 2, length: 5, texts: ['x'] }, { index: -1, length: 1, texts: ['x'] }, { index: 0, length: 0, texts: [] }]) assert.equal(editor.complete(wrong).kind, 'bell');
    assert.equal(editor.text, 'abc');
  });
});

describe('a line on the screen', () => {
  it('breaks at the width, wide characters whole', () => {
    assert.deepEqual(layOut({ prompt: 'P> ', continuation: '>> ', text: 'ab漢字', cursor: 4 }, 6), { rows: ['P> ab', '漢字'], row: 1, column: 4 });
    assert.deepEqual(layOut({ prompt: 'P> ', continuation: '>> ', text: 'abc', cursor: 3 }, 6), { rows: ['P> abc', ''], row: 1, column: 0 });
    assert.deepEqual(layOut({ prompt: 'P> ', continuation: '>> ', text: 'a\nb', cursor: 3 }, 6), { rows: ['P> a', '>> b'], row: 1, column: 4 });
    assert.deepEqual(layOut({ prompt: '', continuation: '', text: 'e\u0301😀', cursor: 4 }, 6), { rows: ['e\u0301😀'], row: 0, column: 3 });
  });

  it('is drawn in place whatever is typed: the terminal shows what stands in the line, and the cursor where it is', () => {
    const key = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'bc', ' ', '漢', '😀', 'e\u0301', 'Get-') }, fc.constantFrom(left, right, home, end, back, del, up, down, wordLeft, wordRight, wordBack, '\u0015', '\u000b'));
    fc.assert(fc.property(fc.array(key, { maxLength: 60 }), fc.integer({ min: 5, max: 30 }), (pressed, columns) => {
      const { editor, type } = make(['one\ntwo lines', '漢字漢字漢字漢字漢字']);
      const terminal = new TestTerminal(columns, 1000);
      const painter = new Painter();
      terminal.write('pre\r\n');
      const layout = (): ReturnType<typeof layOut> => layOut({ prompt: 'P> ', continuation: '>> ', text: editor.text, cursor: editor.cursor }, columns);
      terminal.write(painter.draw(layout()));
      for (const one of pressed) {
        type(one);
        terminal.write(painter.draw(layout()));
        const { rows, row, column } = layout();
        assert.deepEqual(terminal.lines, ['pre', ...rows.map((line) => line.trimEnd())]);
        assert.deepEqual([terminal.row, terminal.column], [row + 1, column]);
      }
      terminal.write(`${painter.leave()}after`);
      assert.equal(terminal.lines.at(-1), 'after');
    }), { numRuns: 200 });
  });

  it('shows the part around the cursor where it is higher than the terminal', () => {
    const text = Array.from({ length: 50 }, (_, n) => `line ${n}`).join('\n');
    const shown = (cursor: number): ReturnType<typeof fitting> => fitting(layOut({ prompt: '', continuation: '', text, cursor }, 20), 10);
    assert.deepEqual([shown(0).rows.length, shown(0).rows[0], shown(0).row], [10, 'line 0', 0]);
    assert.deepEqual([shown(text.length).rows.at(-1), shown(text.length).row, shown(text.length).column], ['line 49', 9, 7]);
  });
});

import assert from 'node:assert/strict';
import { closesItsStrings, withoutComments } from '../../../scripts/build/powershell-comments.mjs';

describe('scripts as they ship', () => {
  it('lose comments, empty lines and indentation', () => {
    assert.equal(withoutComments('# what\nif ($a) {\n\n    # why\n    \'# kept\' # stays\n}\n'), 'if ($a) {\n\'# kept\' # stays\n}\n');
  });

  it('keep the line that says where another script is put in, and #requires', () => {
    assert.equal(withoutComments('#requires -Version 5.1\n# guard.ps1 is put in here.\n$a\n'), '#requires -Version 5.1\n# guard.ps1 is put in here.\n$a\n');
  });

  for (const [what, text] of [
    ['a here-string', '$a = @\'\n  # text\n\'@\n'],
    ['an expandable here-string', '$a = @"\n  # text\n"@\n'],
    ['a block comment', '<#\n  # text\n#>\n'],
    ['a string over several lines', '$a = \'one\n  # text\n\'\n'],
    ['a continued line before a comment', 'Get-Item `\n  # text\n  -Path x\n'],
  ] as const) it(`are left alone where there is ${what}`, () => { assert.equal(withoutComments(text), text); });

  it('are told by their quotes, through subexpressions, doubled and escaped ones', () => {
    for (const line of ['"a $(f \'x)\' "y") b"', '\'it\'\'s\'', '"a `" b ""c"" d"', '$a # don\'t', 'a#b \'c\'', '"$(if ($x) { "(" })"']) assert.equal(closesItsStrings(line), true, line);
    for (const line of ['"open', '\'open', '"a $(f', '$a = "x`"']) assert.equal(closesItsStrings(line), false, line);
  });
});

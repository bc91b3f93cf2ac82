import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sanitize, sanitizeLine } from '../../../src/providers/terminal/sanitize.ts';

describe('sanitize', () => {
  it('shows escape sequences instead of passing them on', () => {
    assert.equal(sanitize('\u001b]0;pwned\u0007\u001b[2J'), '␛]0;pwned␇␛[2J');
  });

  it('shows C1 controls, delete and direction overrides', () => {
    assert.equal(sanitize('a\u009b31mb\u007fc\u202ed'), 'a<U+009B>31mb␡c<U+202E>d');
  });

  it('keeps tabs and line ends, and makes a lone carriage return one', () => {
    assert.equal(sanitize('a\tb\r\nc\rd\ne'), 'a\tb\nc\nd\ne');
  });

  it('never lets a control character through, whatever comes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(sanitize(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }));
  });

  it('bounds what one record may print', () => {
    const shown = sanitize('x'.repeat(1_000_000));
    assert.ok(shown.length < 70_000);
    assert.match(shown, /1000000 characters/);
  });

  it('puts names on one line of bounded length', () => {
    assert.equal(sanitizeLine('a\nb\tc '), 'a b c');
    assert.equal(sanitizeLine('x'.repeat(1000), 10), 'xxxxxxxxx…');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileRegex, LinearRegex } from '../../../src/events/search/regex/compile.ts';
import { textMatcher } from '../../../src/events/search/text-matcher.ts';
import { atOnce } from '../../../src/events/view/slices.ts';
import { cases, fuzzing } from '../../cases.ts';

function matches(pattern: string, text: string, caseSensitive = true): boolean {
  const compiled = compileRegex(pattern, caseSensitive);
  assert.ok(compiled instanceof LinearRegex, pattern);
  return atOnce(compiled.test(text));
}

const atom = fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '\\s', '\\W', '[ab]', '[^a]', '[a-c1]', '[^\\d]', '\\.', '\\x61', '\\u0062', '\\b', '\\B', '^', '$', 'é', '[\\-x]', '-', ' ', '{', '}', ']', '\\n', '/', '1');
const pattern = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof({ depthSize: 'small', withCrossShrink: true }, atom,
    fc.tuple(tie('all'), tie('all')).map(([a, b]) => a + b), fc.tuple(tie('all'), tie('all')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('all'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{1,2}', '{2,}', '{0}')).map(([a, q]) => `(${a})${q}`), fc.constant('')),
})).all;
const text = fc.string({ maxLength: 10, unit: fc.constantFrom('a', 'b', 'c', 'x', '1', ' ', '\n', '.', 'é', '-', '{', '\ud83d', 'κ') });

describe('a search by regular expression', () => {
  it('finds what JavaScript\'s own finds', () => {
    fc.assert(fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 5 }), (source, texts) => {
      const compiled = compileRegex(source, true);
      assert.ok(compiled instanceof LinearRegex, source);
      for (const one of texts) assert.equal(atOnce(compiled.test(one)), new RegExp(source).test(one), `${source} on ${JSON.stringify(one)}`);
    }), cases(400));
  }).timeout(fuzzing ? 0 : 60_000);

  it('knows a text that is in all it matches', () => {
    fc.assert(fc.property(pattern, text, (source, one) => {
      const compiled = compileRegex(source, true);
      assert.ok(compiled instanceof LinearRegex, source);
      if (new RegExp(source).test(one)) assert.ok(one.includes(compiled.required), `${source} on ${JSON.stringify(one)} needs ${compiled.required}`);
    }), cases(400));
    for (const [source, required] of [['warnings; \\d+ ms', 'warnings; '], ['(?:ab)+c', 'abc'], ['x(?:a.b){2}yz', 'byz'], ['^\\bkey set$', 'key set'], ['a?b*', ''], ['one|two', ''], ['(?:((?:((?:(ab)+)+)+)+)+)+', 'ab'], ['a{3}', 'a'], ['ab(?:c|d)efg', 'efg']] as const) {
      const compiled = compileRegex(source, true);
      assert.ok(compiled instanceof LinearRegex);
      assert.equal(compiled.required, required, source);
    }
    const folded = compileRegex('Straße KEY', false);
    assert.ok(folded instanceof LinearRegex);
    assert.equal(folded.required, 'e key');
  }).timeout(fuzzing ? 0 : 60_000);

  it('tells case apart only where it is asked to', () => {
    assert.equal(matches('ABC', 'xabcx'), false);
    for (const source of ['ABC', '[A-C]+x', '(?:A|É)', '[^\\d]BC']) {
      const matcher = textMatcher({ text: source, regex: true, caseSensitive: false });
      assert.ok('test' in matcher);
      assert.equal(atOnce(matcher.test('xAbCx')), new RegExp(source, 'i').test('xAbCx'), source);
    }
  });

  it('takes time that grows with the text, whatever the pattern', () => {
    const text = `${'a'.repeat(65_536)}!`;
    for (const source of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', 'a*a*a*a*b', '(.*)*x', '(?:a?){50}a{50}$', '([a-z]+)*\\d', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      const compiled = compileRegex(source, true);
      assert.ok(compiled instanceof LinearRegex);
      assert.equal(atOnce(compiled.test(text)), false, source);
      // A set for each unit of the text would be the slow way; look-ups are the rest.
      assert.ok(compiled.made < 300, `${source}: ${compiled.made} sets`);
    }
  });

  it('lets the host go on while it has much to do within one text', () => {
    const compiled = compileRegex('(a|b)*a(a|b){60}c', true);
    assert.ok(compiled instanceof LinearRegex);
    let state = 1;
    const hostile = Array.from({ length: 2000 }, () => ((state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) & 16 ? 'a' : 'b')).join('');
    const work = compiled.test(hostile);
    let yields = 0;
    let step = work.next();
    for (; step.done !== true; step = work.next()) yields++;
    assert.equal(step.value, false);
    assert.ok(yields > 20, `${yields} yields`);
  });

  const wrong: readonly (readonly [string, string, number])[] = [
    ['a(b', 'unclosed-group', 1], ['a)b', 'unexpected-parenthesis', 1], ['ab[c', 'unclosed-class', 2], ['*a', 'nothing-to-repeat', 0], ['a**', 'nothing-to-repeat', 2], ['a|+', 'nothing-to-repeat', 2],
    ['[z-a]', 'bad-range', 1], ['a{2,1}', 'bad-repetition', 1], ['a{100000}', 'bad-repetition', 1], ['ab\\', 'trailing-backslash', 2], ['(a)\\1', 'unsupported', 3], ['a(?=b)', 'unsupported', 1], ['(?<!a)b', 'unsupported', 0],
    ['\\p{L}', 'unsupported', 0], [`${'('.repeat(60)}${')'.repeat(60)}`, 'too-complex', 50], ['((a{200}){200}){200}', 'too-complex', 0], ['x'.repeat(1001), 'too-long', 1000],
  ];
  for (const [source, code, position] of wrong) {
    it(`says what is wrong and where: ${source.substring(0, 20)}`, () => {
      const problem = textMatcher({ text: source, regex: true, caseSensitive: true });
      assert.ok('code' in problem);
      assert.deepEqual({ code: problem.code, position: problem.position }, { code, position });
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 30, unit: fc.constantFrom(...('ab()[]{}*+?|\\^$.-,:<=!1dwbux0'.match(/./g) ?? [])) }), (source) => {
      const compiled = compileRegex(source, false);
      if ('code' in compiled) assert.ok(compiled.position >= 0 && compiled.position <= source.length);
      else atOnce(compiled.test('aab 1'));
    }), cases(1000));
  }).timeout(fuzzing ? 0 : 60_000);
});

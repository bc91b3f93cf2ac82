import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = process.cwd();
const read = (path: string): Record<string, string> => JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;

/** What a translation has to keep: placeholders, where links lead to, and code. */
function kept(text: string): string[] {
  return [...text.matchAll(/\{\d+\}|\]\([^)]+\)|`[^`]+`|\$\([\w-]+\)/g)].map(([found]) => found).sort();
}

describe('translations', () => {
  const languages = readdirSync(join(root, 'l10n')).flatMap((file) => /^bundle\.l10n\.(.+)\.json$/.exec(file)?.[1] ?? []);

  it('are there in German and Japanese, for the code and for the manifest', () => {
    assert.deepEqual(languages.sort(), ['de', 'ja']);
    for (const language of languages) assert.ok(existsSync(join(root, `package.nls.${language}.json`)), language);
  });

  for (const language of languages) {
    for (const [english, translated] of [['l10n/bundle.l10n.json', `l10n/bundle.l10n.${language}.json`], ['package.nls.json', `package.nls.${language}.json`]] as const) {
      it(`${translated} has every text of ${english}, with the same placeholders, links and code, and no other`, () => {
        const [from, to] = [read(english), read(translated)];
        assert.deepEqual(Object.keys(to).sort(), Object.keys(from).sort());
        for (const [key, text] of Object.entries(from)) {
          const translation = to[key] ?? '';
          assert.notEqual(translation.trim(), '', key);
          assert.deepEqual(kept(translation), kept(text), key);
          assert.equal(translation.split('\n').length, text.split('\n').length, key);
        }
      });
    }

    it(`${language} is a language of its own`, () => {
      const texts = Object.entries(read(`l10n/bundle.l10n.${language}.json`)).filter(([key]) => /[a-z]{3,} [a-z]{3,}/.test(key));
      const same = texts.filter(([key, text]) => key === text).map(([key]) => key);
      assert.deepEqual(same, []);
    });
  }
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { commandHelp } from '../../../src/cli/help.ts';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { pages, pageText, root } from './pages.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
/** Words that npm takes without `run`. */
const shortScripts = ['start', 'test'];
const npmItself = ['install', 'ci'];

/** The text without its code: what is quoted there is no link. */
function prose(text: string): string {
  return text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Code, line by line: fenced blocks and inline. */
function code(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^ *```[^\n]*\n([^]*?)^ *```/gm)].flatMap((match) => (match[1] ?? '').replace(/\\\n\s*/g, ' ').split('\n'));
  return [...fenced, ...[...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')];
}

/** Anchors of a page's headings, as GitHub and VS Code make them. */
function anchors(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set([...text.replace(/^```[^]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) => {
    const slug = (match[1] ?? '').trim().replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  }));
}

interface Link { readonly page: string; readonly target: string }

const links: readonly Link[] = pages.flatMap((page) => [...prose(pageText(page)).matchAll(/\]\(((?:[^()\s]|\([^()\s]*\))+)\)/g)].map((match) => ({ page, target: match[1] ?? '' })));
const isAddress = ({ target }: Link): boolean => /^[a-z]+:/.test(target);

/** What is wrong with one link; undefined: it leads somewhere. */
function broken({ page, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (file.startsWith('..')) return `${page}: ${target} leads out of the repository`;
  if (!existsSync(join(root, file))) return `${page}: there is no ${file}`;
  if (anchor !== undefined && anchor !== '' && !(file.endsWith('.md') && anchors(pageText(file)).has(anchor))) return `${page}: ${file} has no heading #${anchor}`;
  return undefined;
}

describe('links of the documentation', () => {
  it('lead to files and headings that exist', () => {
    const relative = links.filter((link) => !isAddress(link));
    assert.ok(relative.length > 60, `${relative.length} links`);
    assert.deepEqual(relative.map(broken).filter((problem) => problem !== undefined), []);
  });

  it('would be missed if they led nowhere', () => {
    assert.match(broken({ page: 'README.md', target: 'docs/nowhere.md' }) ?? '', /there is no/);
    assert.match(broken({ page: 'docs/findings.md', target: 'ssh.md#nowhere' }) ?? '', /no heading/);
    assert.match(broken({ page: 'README.md', target: '../elsewhere.md' }) ?? '', /leads out/);
  });

  it('to other places use https', () => {
    for (const { page, target } of links.filter(isAddress)) assert.match(target, /^https:\/\/[a-z0-9.-]+\//, `${page}: ${target}`);
  });

  it('reach every page from the README', () => {
    const reached = new Set(['README.md']);
    for (let grew = true; grew;) {
      grew = false;
      for (const { page, target } of links) {
        const file = normalize(join(dirname(page), (target.split('#')[0] ?? '')));
        if (reached.has(page) && pages.includes(file) && !reached.has(file)) grew = reached.add(file).size > 0;
      }
    }
    assert.deepEqual(pages.filter((page) => !reached.has(page)), []);
  });

  it('stand directly in the README for each page of docs', () => {
    const direct = links.filter(({ page }) => page === 'README.md').map(({ target }) => target.split('#')[0]);
    assert.deepEqual(pages.filter((page) => page.startsWith('docs')).filter((page) => !direct.includes(page)), []);
  });
});

const lines = pages.flatMap((page) => code(pageText(page)).map((line) => ({ page, line })));

describe('command lines of the documentation', () => {
  const calls = lines.flatMap(({ page, line }) => [...line.matchAll(/(?:^|[\s(])entra-connect ([a-z][^#;|&]*)/g)].map((match) => ({ page, words: (match[1] ?? '').trim().split(/\s+/) })));

  it('name commands of entra-connect that exist, with options that they have', () => {
    assert.ok(calls.length > 10, `${calls.length} calls`);
    for (const { page, words: [command = '', ...rest] } of calls) {
      assert.ok(Object.hasOwn(commandHelp, command), `${page}: entra-connect ${command}`);
      const known = new Set([...commandHelp[command as keyof typeof commandHelp].matchAll(/--[a-z-]+/g)].map((match) => match[0]).concat('--help'));
      for (const word of rest) if (word.startsWith('--')) assert.ok(known.has(word.split('=')[0] ?? ''), `${page}: entra-connect ${command} ${word}`);
    }
  });

  it('name options in running text that some command has', () => {
    const known = new Set([...Object.values(commandHelp).join('\n').matchAll(/--[a-z-]+/g)].map((match) => match[0]));
    const named = code(pageText('docs/command-line.md')).filter((text) => /^--[a-z-]+(?: |$)/.test(text)).map((text) => text.split(' ')[0] ?? '');
    assert.ok(named.length > 8);
    // Said to be refused, or of every call.
    for (const option of named) assert.ok(known.has(option) || ['--yes', '--help'].includes(option), option);
  });

  it('name npm scripts that exist', () => {
    const named = lines.flatMap(({ page, line }) => [...line.matchAll(/\bnpm (run )?([a-z:-]+)/g)].map((match) => ({ page, run: match[1] !== undefined, script: match[2] ?? '' })));
    assert.ok(named.length > 10);
    for (const { page, run, script } of named) {
      if (!run && npmItself.includes(script)) continue;
      assert.ok(Object.hasOwn(scripts, script) && (run || shortScripts.includes(script)), `${page}: npm ${run ? 'run ' : ''}${script}`);
    }
  });

  it('show servers files that are right', () => {
    const files = pages.flatMap((page) => [...pageText(page).matchAll(/^( *)```yaml\n([^]*?)^ *```/gm)].map((match) => ({ page, text: (match[2] ?? '').split('\n').map((line) => line.slice(match[1]?.length)).join('\n') })))
      .filter(({ text }) => text.startsWith('version: 1\n'));
    assert.ok(files.length >= 3);
    for (const { page, text } of files) {
      const { problems, servers } = parseServersFile(text, { home: '/home/me' });
      assert.deepEqual(problems, [], page);
      assert.ok(servers.every(({ target }) => target !== undefined) && servers.length > 0, page);
    }
  });

  it('name files of this repository that exist', () => {
    const named = lines.flatMap(({ page, line }) => [...line.matchAll(/(?:^|[\s(])((?:src|lab|scripts|test|docs|media|l10n)\/[\w./-]*\w)(?=[\s),:]|$)/g)].map((match) => ({ page, file: match[1] ?? '' })));
    assert.ok(named.length > 15, `${named.length} files`);
    for (const { page, file } of named) assert.ok(existsSync(join(root, file)) || /[*A-Z]{2,}/.test(file), `${page}: ${file}`);
  });
});

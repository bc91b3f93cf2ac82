// How long the packed extension's code takes to load in a fresh process, beside a module that holds nothing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/vscode/root.mjs';
import { median, type Bench } from './figure.ts';

/** A module with every name that VS Code's own has: enough to load against, nothing to run with. */
function standInForVscode(): string {
  const types = readFileSync(join(root, 'node_modules', '@types', 'vscode', 'index.d.ts'), 'utf8');
  const names = new Set([...types.matchAll(/^\s*export (?:abstract )?(?:class|namespace|enum|const|function) (\w+)/gm)].map(([, name]) => name));
  return ['const any = new Proxy(class {}, { get: (t, k) => (k === "prototype" ? t.prototype : any), apply: () => any });',
    ...[...names].map((name) => `export const ${name} = any;`)].join('\n');
}

const hooks = `
export async function resolve(specifier, context, next) {
  return specifier === 'vscode' ? { url: process.env.STAND_IN, shortCircuit: true } : next(specifier, context);
}`;

const probe = `
import { register } from 'node:module';
register(process.env.HOOKS);
await import('vscode');
const started = performance.now();
await import(process.argv[2]);
process.stdout.write(String(performance.now() - started));
process.exit(0);`;

/** Load time of dist/extension.js: median of fresh processes, each paired with an empty module's. */
export const run: Bench = () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  try {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return pathToFileURL(join(folder, name)).href;
    };
    const env = { ...process.env, STAND_IN: write('vscode.mjs', standInForVscode()), HOOKS: write('hooks.mjs', hooks) };
    const script = join(folder, 'probe.mjs');
    writeFileSync(script, probe);
    const time = (url: string): number => Number(execFileSync(process.execPath, [script, url], { env, encoding: 'utf8' }));
    const empty = write('empty.mjs', 'export {};');
    const entry = pathToFileURL(join(root, 'dist', 'extension.js')).href;
    const pairs = Array.from({ length: 15 }, () => ({ nothing: time(empty), ours: time(entry) }));
    const nothing = median(pairs.map((pair) => pair.nothing));
    return Promise.resolve([{ name: 'load time of the entry', value: median(pairs.map((pair) => pair.ours)), unit: 'ms', beside: `${nothing.toFixed(1)} ms for an empty module` }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

// Builds everything that TypeScript is written for: the extension, the command line, the lab's command, the tests.
// Usage: build.mjs [extension] [page] [cli] [lab] [test] [--production]     (all of them when none is named)
import { build } from 'esbuild';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPracticeLab } from './build/practice-lab.mjs';
import { powershellScripts } from './build/powershell-scripts.mjs';
import { unusedParts } from './build/unused-parts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where built files go: dist for the extension, out for everything else; OUT moves the latter. */
const out = process.env.OUT ?? 'out';

/** What every bundle shares: ESM, split, `.ps1` as text, native add-ons left out (ssh2 runs without them, koffi is looked for at run time). */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  entryNames: '[dir]/[name]',
  sourcemap: 'linked',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  // Its ES modules instead of CommonJS: what nothing uses of it is left out.
  alias: { yaml: join(root, 'node_modules/yaml/browser/dist/index.js') },
  plugins: [unusedParts, powershellScripts],
  external: ['vscode', 'cpu-features', 'koffi'],
  loader: { '.node': 'empty' },
  // ssh2 looks for a file beside itself when it loads; ES modules have no __dirname.
  define: { __dirname: 'import.meta.dirname' },
  // Bundled CommonJS packages call require() for Node's own modules, which ES modules lack.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
};

const find = (folder, suffix) =>
  readdirSync(join(root, folder), { recursive: true }).filter((f) => f.endsWith(suffix)).map((f) => join(folder, f));

/** @type {Record<string, (production: boolean) => object>} */
const targets = {
  extension: (production) => ({
    ...common, outdir: 'dist',
    // The language server is a process of its own, and reads files in a thread of its own: it shares the extension's chunks.
    entryPoints: { extension: 'src/extension.ts', languageServer: 'src/inventory/server/main.ts' },
    minify: production, metafile: true,
    sourcemap: production ? 'external' : 'linked',
  }),
  // The event viewer's page: a script and a style sheet for the browser, shipped with the extension.
  page: (production) => ({
    absWorkingDir: root, entryPoints: ['media/events/main.ts', 'media/events/events.css'], entryNames: '[name]', outdir: 'dist/page', bundle: true, platform: 'browser', target: 'es2023', format: 'iife', charset: 'utf8',
    minify: production, sourcemap: production ? false : 'inline', legalComments: 'none', logLevel: 'warning',
  }),
  // Not part of the extension's package: see scripts/package/command-line.mjs.
  cli: (production) => ({
    ...common, entryPoints: ['src/cli.ts'], outdir: join(out, 'cli'), minify: production, sourcemap: false,
    define: { ...common.define, __VERSION__: JSON.stringify(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version) },
    banner: { js: `#!/usr/bin/env node\n${common.banner.js}` },
  }),
  lab: () => ({ ...common, entryPoints: ['lab/main.ts'], outdir: join(out, 'lab'), outbase: 'lab', sourcemap: 'inline' }),
  test: () => ({
    ...common,
    entryPoints: find('test', '.ts').filter((f) => /\.(test|bench|entry)\.ts$/.test(f)),
    outdir: join(out, 'test'), outbase: 'test', sourcemap: 'inline',
    // Test-only packages stay where npm put them; product dependencies are bundled exactly as they ship.
    external: [...common.external, 'mocha', 'fast-check', 'playwright-core', 'axe-core', 'ajv', 'ajv/*', 'fast-xml-parser', '@vscode/test-electron', 'esbuild', 'typescript'],
  }),
};

/** Builds the named targets; returns esbuild's results by name. */
export async function buildAll(names, production = false) {
  const results = {};
  for (const name of names) {
    const options = targets[name](production);
    rmSync(resolve(root, options.outdir), { recursive: true, force: true });
    results[name] = await build(options);
    // What goes into its folder was removed with it.
    if (name === 'extension' && !names.includes('page')) results.page = await build(targets.page(production));
    if (name === 'extension') writeFileSync(resolve(root, 'dist', 'lab.br'), packPracticeLab(root));
  }
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2).filter((a) => !a.startsWith('--'));
  await buildAll(names.length ? names : Object.keys(targets), process.argv.includes('--production'));
}

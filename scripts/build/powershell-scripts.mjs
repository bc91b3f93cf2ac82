// The scripts that are sent to servers, as text in every bundle, tests included: what is tested is what ships.
import { readFile } from 'node:fs/promises';
import { withoutComments } from './powershell-comments.mjs';

/** Loads `.ps1` files as text, without comments. */
export const powershellScripts = {
  name: 'PowerShell scripts',
  setup(build) {
    build.onLoad({ filter: /\.ps1$/ }, async ({ path }) => ({ contents: withoutComments(await readFile(path, 'utf8')), loader: 'text' }));
  },
};

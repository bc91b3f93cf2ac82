// Builds and packs the extension: one universal .vsix, the same bytes from the same sources.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';
import { buildAll } from '../build.mjs';
import { filesUnder, hashFiles, isStamped, stamp } from '../setup/stamp.mjs';
import { root } from '../vscode/root.mjs';
import { vsixPath } from './path.mjs';
import { repack } from './repack.mjs';

const folder = dirname(vsixPath);

/** Everything that ends up in the package, or decides what does. */
function fingerprint() {
  const loose = ['package.json', 'package-lock.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'package.nls.json', 'package.nls.de.json', 'package.nls.ja.json', 'docs/images/repair.png', 'scripts/build.mjs'];
  return hashFiles([...filesUnder('src', /./), ...filesUnder('media', /./), ...filesUnder('l10n', /./), ...filesUnder('lab', /\.(cs|ps1|psm1|json)$/), ...filesUnder('scripts/build', /./), ...filesUnder('scripts/package', /./), ...loose.filter((file) => existsSync(join(root, file)))]);
}

/** The files that the package holds. */
export const packedFiles = () => listFiles({ cwd: root, dependencies: false });

/** Packs what a folder holds into `path`; `more`: options of vsce. */
export async function packFolder(cwd, path, more = {}) {
  mkdirSync(dirname(path), { recursive: true });
  // Everything in the archive gets this time: a package is told apart by its content alone.
  process.env.SOURCE_DATE_EPOCH = '1735689600';
  process.env.TZ = 'UTC';
  // vsce tells the whole story of a package on standard output; npm run package tells it in one line.
  const log = console.log;
  console.log = () => undefined;
  try {
    await createVSIX({ cwd, packagePath: path, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, skipLicense: false, ...more });
  } finally {
    console.log = log;
  }
  // A platform's add-on would take Zopfli half a minute, and no budget is near.
  if (more.target === undefined) await repack(path);
}

/** Builds the extension for shipping and packs it, unless nothing changed since; returns the package's path and hash. */
export async function bringPackedExtension() {
  const wanted = fingerprint();
  const file = join(folder, '.stamp');
  if (!isStamped(file, wanted) || !existsSync(vsixPath) || !existsSync(join(root, 'dist', 'extension.js'))) {
    await buildAll(['extension'], true);
    await packFolder(root, vsixPath);
    stamp(file, wanted);
  }
  return { path: vsixPath, hash: createHash('sha256').update(readFileSync(vsixPath)).digest('hex') };
}

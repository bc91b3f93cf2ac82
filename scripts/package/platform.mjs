// Packs the extension for one platform: the universal package's files and koffi's native add-on, for Kerberos.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../vscode/root.mjs';
import { putKoffi } from './koffi.mjs';
import { packedFiles, packFolder } from './pack.mjs';
import { vsixPath } from './path.mjs';

/** Packs for a platform of VS Code (`win32-x64`) into `path`; the universal package was built before. Resolves to the count of files. */
export async function packPlatform(platform, path) {
  mkdirSync(dirname(vsixPath), { recursive: true });
  const folder = mkdtempSync(join(dirname(vsixPath), `${platform}-`));
  try {
    const universal = await packedFiles();
    for (const file of universal) cpSync(join(root, file), join(folder, file));
    const added = putKoffi(platform, join(folder, 'dist', 'node_modules'));
    // Everything in this folder ships.
    writeFileSync(join(folder, '.vscodeignore'), '');
    await packFolder(folder, path, { target: platform });
    return universal.length + added;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

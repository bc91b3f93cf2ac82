// npm run package: builds and packs the extension, and says what came out.
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bringPackedExtension, packedFiles } from './package/pack.mjs';
import { root } from './vscode/root.mjs';

const { path, hash } = await bringPackedExtension();
const target = join(root, 'entra-connect-remediation.vsix');
copyFileSync(path, target);
process.stdout.write(`${target}: ${(statSync(target).size / 1024).toFixed(1)} KiB, ${(await packedFiles()).length} files, sha256 ${hash}\n`);

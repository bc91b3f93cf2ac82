// npm run package: builds and packs the extension and the command line, and says what came out.
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { packCommandLine } from './package/command-line.mjs';
import { bringPackedExtension, packedFiles } from './package/pack.mjs';
import { root } from './vscode/root.mjs';

const { path } = await bringPackedExtension();
const extension = join(root, 'entra-connect-remediation.vsix');
copyFileSync(path, extension);
const commandLine = join(root, 'entra-connect-remediation.tgz');
const { files } = await packCommandLine(commandLine);
for (const [target, count] of [[extension, (await packedFiles()).length], [commandLine, files.length]]) {
  process.stdout.write(`${target}: ${(statSync(target).size / 1024).toFixed(1)} KiB, ${count} files, sha256 ${createHash('sha256').update(readFileSync(target)).digest('hex')}\n`);
}

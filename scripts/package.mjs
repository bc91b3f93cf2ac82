// npm run package [PLATFORM…]: builds and packs the extension (the universal package, and one for each platform or those named, with
// Kerberos) and the command line, and says what came out.
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { packCommandLine } from './package/command-line.mjs';
import { platforms } from './package/koffi.mjs';
import { bringPackedExtension, packedFiles } from './package/pack.mjs';
import { packPlatform } from './package/platform.mjs';
import { root } from './vscode/root.mjs';

const named = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(platforms, name));
if (unknown !== undefined) {
  process.stderr.write(`package: no platform '${unknown}': one of ${Object.keys(platforms).join(', ')}\n`);
  process.exit(2);
}
const { path } = await bringPackedExtension();
const extension = join(root, 'entra-connect-remediation.vsix');
copyFileSync(path, extension);
const commandLine = join(root, 'entra-connect-remediation.tgz');
const { files } = await packCommandLine(commandLine);
/** Prints what came out. */
function tell(target, count) {
  process.stdout.write(`${target}: ${(statSync(target).size / 1024).toFixed(1)} KiB, ${count} files, sha256 ${createHash('sha256').update(readFileSync(target)).digest('hex')}\n`);
}
tell(extension, (await packedFiles()).length);
tell(commandLine, files.length);
for (const platform of named.length > 0 ? named : Object.keys(platforms)) {
  const target = join(root, `entra-connect-remediation-${platform}.vsix`);
  tell(target, await packPlatform(platform, target));
}

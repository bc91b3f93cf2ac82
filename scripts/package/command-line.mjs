// Packs the command line as an npm package of its own: the extension's package stays as small as it is, and neither needs the other.
// Usage: command-line.mjs [TARGET.tgz]
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from '../build.mjs';
import { root } from '../vscode/root.mjs';

/** What npm shows of the package, and what it installs. Kerberos' native part is brought by whoever wants it. */
function manifest() {
  const { version, license, engines, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name: 'entra-connect-remediation', version, license, type: 'module', engines: { node: engines.node },
    description: 'Find out why Microsoft Entra Connect stopped synchronizing, and repair it one checked step at a time.',
    bin: { 'entra-connect': './cli.js' },
    peerDependencies: { koffi: `^${devDependencies.koffi}` }, peerDependenciesMeta: { koffi: { optional: true } },
  };
}

/** Builds and packs into `target`, a .tgz; the same bytes for the same sources. */
export async function packCommandLine(target) {
  const out = process.env.OUT ?? 'out';
  const folder = join(root, out, 'cli-package');
  await buildAll(['cli'], true);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, out, 'cli'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(join(root, 'docs', 'command-line.md'), join(folder, 'README.md'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const [packed] = JSON.parse(execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell: process.platform === 'win32' }));
  renameSync(join(folder, packed.filename), target);
  return { files: packed.files.map(({ path }) => path) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files } = await packCommandLine(process.argv[2] ?? join(root, 'entra-connect-remediation.tgz'));
  process.stdout.write(`${files.join('\n')}\n`);
}

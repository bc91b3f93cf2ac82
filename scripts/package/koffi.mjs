// The foreign function interface of the platform packages: koffi, and the one native add-on of it that a platform needs.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../vscode/root.mjs';

/** Platforms of VS Code that a package is made for: koffi's package of each, and the folder of its add-on there. */
export const platforms = {
  'win32-x64': ['koffi-win32-x64', 'win32_x64'],
  'win32-arm64': ['koffi-win32-arm64', 'win32_arm64'],
  'darwin-x64': ['koffi-darwin-x64', 'darwin_x64'],
  'darwin-arm64': ['koffi-darwin-arm64', 'darwin_arm64'],
  'linux-x64': ['koffi-linux-x64', 'linux_x64'],
  'linux-arm64': ['koffi-linux-arm64', 'linux_arm64'],
  'alpine-x64': ['koffi-linux-x64', 'musl_x64'],
  'alpine-arm64': ['koffi-linux-arm64', 'musl_arm64'],
};

/** What `import('koffi')` reads of it. */
const needed = ['package.json', 'LICENSE.txt', 'index.js', 'src/koffi/index.js', 'src/koffi/src/static.js'];

/** The version and hash that package-lock.json wants of one of koffi's packages. */
function locked(name) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { version, integrity } = packages[`node_modules/@koromix/${name}`];
  return { version, integrity };
}

/**
 * Throws unless a package's bytes are those that were locked.
 * @param {Buffer} bytes
 * @param {string} integrity `sha512-…` as package-lock.json has it
 */
export function checkIntegrity(bytes, integrity, name) {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) throw new Error(`${name} is not what package-lock.json wants: its hash is ${found}, not ${integrity}. Nothing was packed.`);
}

/** The locked bytes of one of koffi's packages: npm brings them, since it installs only this machine's. */
function brought(name, version, integrity) {
  const folder = join(root, '.cache', 'koffi');
  const kept = join(folder, `koromix-${name}-${version}.tgz`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(kept)) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, `@koromix/${name}@${version}`], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  }
  try {
    checkIntegrity(readFileSync(kept), integrity, `@koromix/${name}@${version}`);
  } catch (error) {
    rmSync(kept);
    throw error;
  }
  return kept;
}

/** Calls `use` with the folder that holds one of koffi's packages. */
function withPackage(name, use) {
  const { version, integrity } = locked(name);
  const installed = join(root, 'node_modules', '@koromix', name);
  // npm held this machine's own against the lock when it installed it.
  if (existsSync(installed) && JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).version === version) return use(installed);
  const kept = brought(name, version, integrity);
  const folder = mkdtempSync(join(dirname(kept), `${name}-`));
  try {
    execFileSync('tar', ['-xzf', kept, '-C', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    return use(join(folder, 'package'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts koffi for a platform into `modules`, a node_modules folder that the extension's chunks look into; returns the files' count. */
export function putKoffi(platform, modules) {
  const [name, triplet] = platforms[platform];
  for (const file of needed) cpSync(join(root, 'node_modules', 'koffi', file), join(modules, 'koffi', file));
  const addOn = ['package.json', 'index.js', `${triplet}/koffi.node`];
  withPackage(name, (folder) => { for (const file of addOn) cpSync(join(folder, file), join(modules, '@koromix', name, file)); });
  return needed.length + addOn.length;
}

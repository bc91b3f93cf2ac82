import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { checkIntegrity, platforms } from '../../../scripts/package/koffi.mjs';
import { vsixPath } from '../../../scripts/package/path.mjs';
import { root } from '../../../scripts/vscode/root.mjs';
import { zipEntries } from './zip.ts';

/** This machine's platform as VS Code names it. */
const here = `${process.platform}-${process.arch}`;

describe('the package for a platform', function () {
  this.timeout(60_000);
  let folder: string;
  let packed: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'platform-package-'));
    packed = join(folder, 'packed.vsix');
    execFileSync(process.execPath, ['--input-type=module', '-e', `const { packPlatform } = await import('./scripts/package/platform.mjs'); await packPlatform(${JSON.stringify(here)}, ${JSON.stringify(packed)});`], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it('is the universal package, one native add-on and what loads it', () => {
    const universal = new Set(zipEntries(vsixPath).map(({ name }) => name));
    const names = zipEntries(packed).map(({ name }) => name);
    assert.deepEqual([...universal].filter((name) => !names.includes(name)), []);
    const [name = '', triplet = ''] = platforms[here] ?? [];
    const modules = 'extension/dist/node_modules';
    assert.deepEqual(names.filter((one) => !universal.has(one)).sort(), [
      `${modules}/@koromix/${name}/index.js`, `${modules}/@koromix/${name}/package.json`, `${modules}/@koromix/${name}/${triplet}/koffi.node`,
      ...['LICENSE.txt', 'index.js', 'package.json', 'src/koffi/index.js', 'src/koffi/src/static.js'].map((file) => `${modules}/koffi/${file}`),
    ].sort());
  });

  it('is offered to this platform alone, and its add-on is found from where the extension loads it', () => {
    const files = unzipSync(readFileSync(packed));
    assert.match(Buffer.from(files['extension.vsixmanifest']!).toString('utf8'), new RegExp(`TargetPlatform="${here}"`));
    const installed = join(folder, 'installed');
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(installed, name)), { recursive: true });
      writeFileSync(join(installed, name), bytes);
    }
    const chunks = join(installed, 'extension', 'dist', 'chunks');
    const loading = readdirSync(chunks).filter((name) => readFileSync(join(chunks, name), 'utf8').includes('import("koffi")'));
    assert.equal(loading.length, 1, loading.join());
    // Called as the extension calls it: off the main thread. No NODE_PATH, no package of this repository in reach.
    writeFileSync(join(chunks, 'probe.js'), 'const { default: koffi } = await import("koffi"); const strlen = koffi.load("libc.so.6").func("size_t strlen(const char *text)"); strlen.async("Kerberos", (error, length) => { process.stdout.write(String(error ?? length)); });');
    assert.equal(execFileSync(process.execPath, [join(chunks, 'probe.js')], { cwd: folder, env: {}, encoding: 'utf8' }), '8');
  });

  it('weighs little more than its add-on', () => {
    assert.ok(statSync(packed).size < 1.5 * 1024 * 1024);
  });

  it('is made for the platforms that VS Code runs on and the add-on exists for, all of them locked', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { integrity?: string } | undefined> };
    for (const [name] of Object.values(platforms)) assert.match(packages[`node_modules/@koromix/${name}`]?.integrity ?? '', /^sha512-/);
    assert.deepEqual(Object.keys(platforms).sort(), ['alpine-arm64', 'alpine-x64', 'darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64']);
  });

  it('is not made of other bytes than those that were locked', () => {
    checkIntegrity(Buffer.from(''), 'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==', 'nothing');
    assert.throws(() => { checkIntegrity(Buffer.from('other'), 'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==', 'koffi'); }, /koffi is not what package-lock\.json wants: its hash is sha512-.*Nothing was packed/);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepAuthorities } from '../../../scripts/setup/authorities.mjs';

const pem = (name: string): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(name.repeat(30)).toString('base64').replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

describe('the system\'s certificate authorities', () => {
  let folder: string;
  let list: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'authorities-'));
    list = join(folder, 'ca-certificates.crt');
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const run = ([command = '', ...args]: string[]): Promise<unknown> => Promise.resolve(execFileSync(command, args));

  it('keep one that somebody added when a package writes the list anew', async () => {
    writeFileSync(list, pem('debian') + pem('ours'));
    const restore = keepAuthorities(run, list);
    writeFileSync(list, pem('debian') + pem('newer'));
    await restore();
    assert.equal(readFileSync(list, 'utf8').replaceAll(/\n+/g, '\n'), pem('debian') + pem('newer') + pem('ours'));
  });

  it('are left alone when nothing was lost, whatever the line breaks', async () => {
    writeFileSync(list, pem('debian').replaceAll('\n', '\r\n'));
    const restore = keepAuthorities(() => assert.fail('wrote'), list);
    writeFileSync(list, pem('debian') + pem('newer'));
    await restore();
  });

  it('need no list to begin with', async () => {
    const restore = keepAuthorities(() => assert.fail('wrote'), list);
    writeFileSync(list, pem('debian'));
    await restore();
  });
});

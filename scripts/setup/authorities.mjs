// Packages that come along with ours write the system's list of certificate authorities anew from Debian's own. Authorities that
// somebody had put into that list, for a proxy or a registry of their own, must not be lost by it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const systemList = '/etc/ssl/certs/ca-certificates.crt';

/** The certificates of a list in PEM. */
const certificates = (text) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
/** The same whatever its line breaks. */
const plain = (pem) => pem.replaceAll(/\s/g, '');

/**
 * Remembers a list of authorities. The returned function puts back at its end what it has lost since.
 * @param {(command: string[]) => Promise<unknown>} asRoot runs a command that may write the list
 */
export function keepAuthorities(asRoot, list = systemList) {
  const before = existsSync(list) ? readFileSync(list, 'utf8') : '';
  return async () => {
    const now = new Set(existsSync(list) ? certificates(readFileSync(list, 'utf8')).map(plain) : []);
    const lost = certificates(before).filter((pem) => !now.has(plain(pem)));
    if (lost.length === 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'authorities-'));
    try {
      writeFileSync(join(folder, 'lost.pem'), `\n${lost.join('\n')}\n`);
      await asRoot(['sh', '-c', 'cat "$1" >>"$2"', 'sh', join(folder, 'lost.pem'), list]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Environment of gss-ntlmssp's accepting side, for as long as a suite runs. */
export function ntlmUsers(lines: readonly string[]): { restore(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'ntlm-users-'));
  const file = join(directory, 'users');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  const before = new Map(['NTLM_USER_FILE', 'NETBIOS_COMPUTER_NAME', 'NETBIOS_DOMAIN_NAME'].map((name) => [name, process.env[name]]));
  process.env['NTLM_USER_FILE'] = file;
  process.env['NETBIOS_COMPUTER_NAME'] = 'CONNECT01';
  process.env['NETBIOS_DOMAIN_NAME'] = 'CONTOSO';
  return {
    restore: () => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

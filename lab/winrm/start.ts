import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Guardian } from '../guardian.ts';
import type { LabLayout } from '../layout.ts';
import type { SimulatedServer } from '../server.ts';
import { domainOf, winRmUser, writeNtlmUsers } from './account.ts';
import { startListener } from './listener.ts';
import { startRealm } from './realm.ts';

/** How one simulated server is reached over WinRM. */
export interface WinRmAccess {
  /** The name that the certificate and the service principals are for. */
  readonly host: 'localhost';
  readonly httpPort: number;
  readonly httpsPort: number;
  /** `DOMAIN\user`. */
  readonly user: string;
  readonly domain: string;
  /** Kerberos' name of the same account. */
  readonly principal: string;
  /** Name of the account's password in the server's secrets. */
  readonly secret: typeof winRmUser;
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly krb5Config: string;
  readonly credentialCache: string;
  readonly spn: string;
}

/** WinRM in front of simulated servers: one listener, one Kerberos realm. */
export interface RunningWinRm {
  /** By server's name. */
  readonly access: ReadonlyMap<string, WinRmAccess>;
  stop(): Promise<void>;
}

/** Starts both for servers that exist already, in a new folder. Leaves no process behind when it fails. */
export async function startWinRm(lab: LabLayout, folder: string, servers: readonly SimulatedServer[], password: string, guardian: Guardian, signal?: AbortSignal): Promise<RunningWinRm> {
  mkdirSync(folder, { mode: 0o700 });
  const domains = servers.map((server) => domainOf(server.directory));
  const users = join(folder, 'ntlm-users');
  writeNtlmUsers(users, password, domains, servers.map((server) => server.scenario.content.computerName));
  const realm = await startRealm(join(folder, 'kerberos'), (domains[0]?.dns ?? 'practice.example').toUpperCase(), winRmUser, password, guardian, signal);
  try {
    const listened = servers.map((server) => ({ name: server.name, computerName: server.scenario.content.computerName, powershell: server.powershell }));
    const listener = await startListener(lab, folder, listened, { NTLM_USER_FILE: users, ...realm.serviceEnvironment }, guardian, signal);
    const access = new Map(servers.map((server, index): [string, WinRmAccess] => {
      const ports = listener.ports.get(server.name);
      const domain = domains[index]?.netbios ?? '';
      return [server.name, {
        host: 'localhost',
        httpPort: ports?.http ?? 0,
        httpsPort: ports?.https ?? 0,
        user: `${domain}\\${winRmUser}`,
        domain,
        principal: `${winRmUser}@${realm.realm}`,
        secret: winRmUser,
        caFile: listener.caFile,
        certificateFile: listener.certificateFile,
        keyFile: listener.keyFile,
        krb5Config: realm.krb5Config,
        credentialCache: realm.credentialCache,
        spn: realm.principals[0] ?? '',
      }];
    }));
    return {
      access,
      stop: async () => {
        await listener.stop();
        await realm.stop();
      },
    };
  } catch (error) {
    await realm.stop();
    throw error;
  }
}

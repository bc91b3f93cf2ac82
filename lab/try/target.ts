import type { ConnectPrompts, SessionTarget, WinRmAuth } from '../../src/session.ts';
import { LabError } from '../lab-error.ts';
import type { PracticeServers } from '../practice-servers.ts';
import type { SimulatedServer } from '../server.ts';
import { winRmUser } from '../winrm/account.ts';
import type { TryAuth, TryTransport } from './options.ts';
import { secureString } from './secret.ts';

/** A simulated server as the servers file would describe it. For Kerberos this process's library is told where the lab's realm is. */
export function targetOf(practice: PracticeServers, server: SimulatedServer, transport: TryTransport, auth: TryAuth): SessionTarget {
  const { name } = server;
  if (transport === 'ssh' || transport === 'local') {
    return { name, host: '127.0.0.1', transport, port: server.ssh?.port, user: server.ssh?.user, identityFile: server.ssh?.identityFile };
  }
  const access = practice.winrm?.access.get(name);
  if (access === undefined || auth === 'key' || auth === 'none') throw new LabError(`${name} was started without WinRM.`, 1);
  process.env['KRB5_CONFIG'] = access.krb5Config;
  process.env['KRB5CCNAME'] = access.credentialCache;
  const scheme = transport === 'winrms' ? 'https' : 'http';
  return {
    name,
    host: access.host,
    transport: 'winrm',
    port: scheme === 'https' ? access.httpsPort : access.httpPort,
    user: signsInByItself(auth) ? undefined : access.user,
    identityFile: undefined,
    winrm: {
      scheme,
      auth,
      caFile: scheme === 'https' ? access.caFile : undefined,
      certificateFile: auth === 'certificate' ? access.certificateFile : undefined,
      keyFile: auth === 'certificate' ? access.keyFile : undefined,
    },
  };
}

/** Kerberos uses the ticket that is there, and a certificate is all that it needs. */
function signsInByItself(auth: WinRmAuth): boolean {
  return auth === 'kerberos' || auth === 'certificate';
}

/** What connecting asks: only the password over WinRM. The host key and the authority are in the lab's own files, the key file has no passphrase. */
export function promptsOf(server: SimulatedServer): ConnectPrompts {
  const password = server.secrets[winRmUser];
  return {
    trustHostKey: () => Promise.resolve(false),
    trustCertificate: () => Promise.resolve(false),
    password: ({ retry }) => Promise.resolve(retry || password === undefined ? undefined : secureString(password)),
    passphrase: () => Promise.resolve(undefined),
  };
}

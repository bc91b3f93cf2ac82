import { stringify } from 'yaml';
import type { SimulatedServer } from './server.ts';
import type { WinRmAccess } from './winrm/start.ts';

/**
 * A servers file (`*.connect.yaml`, version 1) of running simulated servers, as a user would write it; holds no secret. Each
 * server is there by SSH, and where it has WinRM a second and a third time: by NTLM over HTTP, and by certificate over HTTPS.
 */
export function serversFileText(servers: readonly SimulatedServer[], winrm?: ReadonlyMap<string, WinRmAccess>): string {
  const groups = [{ name: 'Practice lab', servers: servers.map((server) => ({ ...common(server), ...ssh(server) })) }];
  const reachable = servers.flatMap((server) => {
    const access = winrm?.get(server.name);
    return access === undefined ? [] : overWinRm(server, access);
  });
  return stringify({ version: 1, groups: [...groups, ...(reachable.length > 0 ? [{ name: 'Practice lab over WinRM', servers: reachable }] : [])] }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function common(server: SimulatedServer): object {
  return { name: server.name, host: server.ssh?.host, computerName: server.scenario.content.computerName, role: 'active' };
}

function ssh(server: SimulatedServer): object {
  return { transport: 'ssh', port: server.ssh?.port, user: server.ssh?.user, identityFile: server.ssh?.identityFile };
}

function overWinRm(server: SimulatedServer, access: WinRmAccess): object[] {
  const entry = { ...common(server), host: access.host, transport: 'winrm' };
  return [
    { ...entry, name: `${server.name} (WinRM)`, scheme: 'http', port: access.httpPort, auth: 'ntlm', user: access.user },
    { ...entry, name: `${server.name} (WinRM over HTTPS)`, scheme: 'https', port: access.httpsPort, auth: 'certificate', caFile: access.caFile, certificateFile: access.certificateFile, keyFile: access.keyFile },
  ];
}

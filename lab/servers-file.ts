import { stringify } from 'yaml';
import type { SimulatedServer } from './server.ts';

/** A servers file (`*.connect.yaml`, version 1) of running simulated servers, as a user would write it; holds no secret. */
export function serversFileText(servers: readonly SimulatedServer[]): string {
  return stringify({
    version: 1,
    groups: [
      {
        name: 'Practice lab',
        servers: servers.map((server) => ({
          name: server.name,
          host: server.ssh?.host,
          computerName: server.scenario.content.computerName,
          role: 'active',
          transport: 'ssh',
          port: server.ssh?.port,
          user: server.ssh?.user,
          identityFile: server.ssh?.identityFile,
        })),
      },
    ],
  }, { lineWidth: 0 });
}

import { valueOf } from '../../connect/fact.ts';
import type { Snapshot } from '../../connect/snapshot.ts';
import type { Member } from '../fleet.ts';
import type { KnownServer } from './redaction.ts';

/** What a text about these servers must not tell: their names, and where and as whom they are reached. */
export function knownServers(members: readonly Member[]): KnownServer[] {
  return members.map(({ entry, file, target, owner }) => ({
    name: entry.name,
    details: [
      target.host, target.user, target.computerName, target.serviceAccount, target.identityFile, entry.group, file.scheme === 'file' ? file.fsPath : file.toString(),
      target.winrm?.caFile, target.winrm?.certificateFile, target.winrm?.keyFile,
      ...(target.jump ?? []).flatMap((jump) => [jump.name, jump.host, jump.user, jump.identityFile]),
      ...owner.state.connection.kind === 'connected' ? [owner.state.connection.peer.computerName] : [],
      ...owner.state.diagnosis === undefined ? [] : factsOf(owner.state.diagnosis.snapshot),
    ],
  }));
}

function factsOf({ server, service, connectors }: Snapshot): (string | undefined)[] {
  return [
    ...[server.computerName, server.domain, server.userName, service.startName].map((fact) => valueOf(fact)),
    ...(valueOf(connectors) ?? []).flatMap(({ name, forest, loginDomain, loginUser, userName }) => [name, forest, loginDomain, loginUser, userName]),
  ];
}

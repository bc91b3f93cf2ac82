import { known, missing, valueOf, type Fact } from '../fact.ts';
import type { PlanId } from '../ids.ts';
import { readSnapshot } from '../read-snapshot.ts';
import type { Connector, Snapshot } from '../snapshot.ts';
import type { ManualAbout } from './manual.ts';

/** What an engineer says about a server that nothing may be sent to; nothing of it is checked. */
export interface SaidAboutServer {
  readonly computerName?: string | undefined;
  readonly startName?: string | undefined;
  readonly build?: string | undefined;
  readonly path?: string | undefined;
  readonly database?: 'local' | 'remote' | undefined;
  readonly databaseServer?: string | undefined;
  readonly authentication?: 'password' | 'application' | undefined;
  readonly entraAccount?: string | undefined;
  /** Names of the AD connectors; undefined: not known. */
  readonly connectors?: readonly string[] | undefined;
}

/** A snapshot that holds what was said, and of everything else that it was not asked: plans and gates work on it as on any other. */
export function saidSnapshot(said: SaidAboutServer, plan: PlanId): Snapshot {
  const empty = readSnapshot([], missing('not-asked', 'nothing may be sent to this server'));
  const fact = <T>(value: T | undefined, otherwise: Fact<T>): Fact<T> => (value === undefined ? otherwise : known(value));
  const whole = plan === 'planned-change' || plan === 'abandon-any-reason';
  return {
    ...empty,
    server: { ...empty.server, computerName: fact(said.computerName, empty.server.computerName) },
    // These plans begin on a server whose service runs; what forbids them there is told before the first step.
    service: { ...empty.service, startName: fact(said.startName, empty.service.startName), ...(whole ? { state: known('Running') } : {}) },
    installation: { path: fact(said.path, empty.installation.path), build: fact(said.build, empty.installation.build) },
    database: { ...empty.database, server: said.database === 'local' ? known('(localdb)') : fact(said.databaseServer, empty.database.server) },
    connectors: said.connectors === undefined ? empty.connectors : known(said.connectors.map(saidConnector)),
    authenticationMode: said.authentication === undefined ? empty.authenticationMode : known(said.authentication === 'application' ? 'Application' : 'ServiceAccount'),
  };
}

/** What a manual needs of a snapshot. `day`: the day of the document, `20261123`. */
export function aboutServer(snapshot: Snapshot, plan: PlanId, day: string, said: SaidAboutServer = {}): ManualAbout {
  const connectors = valueOf(snapshot.connectors) ?? [];
  const database = valueOf(snapshot.database.server)?.toLowerCase();
  const mode = valueOf(snapshot.authenticationMode);
  return {
    plan, target: undefined, purpose: undefined, day,
    computerName: valueOf(snapshot.server.computerName), startName: valueOf(snapshot.service.startName), build: valueOf(snapshot.installation.build), path: valueOf(snapshot.installation.path),
    database: database === undefined ? said.database : database.startsWith('(localdb)') ? 'local' : 'remote',
    accounts: new Map(connectors.filter((connector) => connector.loginUser !== '').map((connector) => [connector.name, connector.loginDomain === '' ? connector.loginUser : `${connector.loginDomain}\\${connector.loginUser}`])),
    entraAccount: said.entraAccount ?? connectors.find((connector) => connector.type === 'Entra' && connector.userName !== '')?.userName,
    application: mode === undefined ? undefined : mode === 'Application',
  };
}

function saidConnector(name: string): Connector {
  return { name, identifier: '', type: 'AD', typeName: 'AD', forest: '', loginDomain: '', loginUser: '', userName: '' };
}

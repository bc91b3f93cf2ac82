import type { Connector } from '../snapshot.ts';

/** The account whose password a connector has stored, as the server names it; the connector's own name where there is none. */
export function connectorAccount(connector: Connector): string {
  if (connector.loginUser === '') return connector.userName === '' ? `connector ${connector.name}` : connector.userName;
  return connector.loginDomain === '' ? connector.loginUser : `${connector.loginDomain}\\${connector.loginUser}`;
}

const kinds = { AD: 'AD DS Connector', Entra: 'Entra Connector', other: 'connector' } as const;

/** One connector in a list of those whose secrets will go. */
export function connectorLine(connector: Connector): string {
  const account = connectorAccount(connector);
  return `${kinds[connector.type]} ${connector.name}${account === `connector ${connector.name}` ? '' : `: ${account}`}`;
}

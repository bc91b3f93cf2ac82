import type { ServerState } from '../server/state.ts';
import { isRunning } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { Redaction } from './redaction.ts';

/** What a report about the extension itself is made of. */
export interface DiagnosticsFacts {
  /** Versions and surroundings, by what they are called. */
  readonly versions: Readonly<Record<string, string>>;
  /** Settings of this extension, by key. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly transport: string; readonly role: string | undefined; readonly auth: string | undefined; readonly state: ServerState }[];
  /** The log's last lines, oldest first. */
  readonly log: readonly string[];
}

/** Most servers that are listed one by one. */
const serverLimit = 200;
/** Longest line of the log, in characters. */
const lineLimit = 500;

/** The report as Markdown: nothing in it names a server, a host, an account or a secret. */
export function diagnosticsReport({ versions, settings, servers, log }: DiagnosticsFacts, redaction: Redaction): string {
  const clean = (value: unknown): string => {
    const whole = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    // Cut between words: half a name would not be found.
    const text = whole.length <= 2 * lineLimit ? whole : `${whole.slice(0, 2 * lineLimit).replace(/\S*$/, '')}…`;
    return sanitizeLine(redaction.text(text), lineLimit);
  };
  const table = (rows: Readonly<Record<string, unknown>>): string[] => Object.entries(rows).map(([key, value]) => `- ${key}: ${clean(value)}`);
  return [
    '# Entra Connect Remediation: diagnostics', '',
    'Read it before you pass it on. Names of servers, hosts, accounts, addresses and your home folder are replaced; passwords are never logged.', '',
    '## Versions', '', ...table(versions), '',
    '## Settings', '', ...table(settings), '',
    `## Servers: ${servers.length}`, '', ...servers.slice(0, serverLimit).map((server, index) => `- server-${index + 1}: ${clean(serverLine(server))}`),
    ...servers.length > serverLimit ? [`- and ${servers.length - serverLimit} more`] : [], '',
    `## Log: the last ${log.length} lines`, '', '```text', ...log.map((line) => clean(line).replaceAll('```', "'''")), '```', '',
  ].join('\n');
}

function serverLine({ transport, role, auth, state }: DiagnosticsFacts['servers'][number]): string {
  const { connection, diagnosis, run } = state;
  const parts = [
    transport, role, auth === undefined ? undefined : `auth ${auth}`, connection.kind,
    connection.kind === 'connected' ? `Windows PowerShell ${connection.peer.psVersion}, ${connection.peer.transport}, ${connection.peer.authentication ?? 'no authentication named'}` : undefined,
    'problem' in connection ? connection.problem.message : undefined,
    state.problem === undefined ? undefined : `last diagnosis failed: ${state.problem.message}`,
    diagnosis === undefined ? 'not diagnosed' : `findings ${diagnosis.findings.map((finding) => `${finding.id} (${finding.severity})`).join(' ')}`,
    diagnosis === undefined ? undefined : `plans ${diagnosis.plans.map((plan) => plan.id).join(' ') || 'none'}`,
    diagnosis?.unfinished === undefined ? undefined : 'interrupted run',
    diagnosis?.held === undefined ? undefined : 'held',
    run === undefined ? undefined : `run ${isRunning(state) ? 'under way' : run.result?.state ?? ''}: ${run.steps.map((step) => `${step.step} ${step.state}`).join(', ')}`,
    state.waiting === undefined ? undefined : 'waits for a person',
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

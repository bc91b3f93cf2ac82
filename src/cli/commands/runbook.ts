import { findingIds, planIds, type FindingId, type PlanId } from '../../connect/ids.ts';
import type { Finding } from '../../connect/finding.ts';
import { saidSnapshot, type SaidAboutServer } from '../../connect/manual/about.ts';
import { runbookSubject } from '../../connect/report/runbook-subject.ts';
import { runbook, runbookJson, type RunbookSubject } from '../../connect/report/runbook.ts';
import type { Snapshot } from '../../connect/snapshot.ts';
import { oneOf, parseWords } from '../arguments.ts';
import { CliError, wrongCall } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interrupted.ts';
import type { CliPorts } from '../io.ts';
import { jsonLine, jsonVersion } from '../json.ts';
import { writeDocument } from '../output-file.ts';
import { ReachedServer } from '../reached-server.ts';
import { Secrets } from '../secrets.ts';
import { readServers, selectServers } from '../servers.ts';

/** Options that say something about a server that is not reached. */
const saidOptions = ['computer-name', 'service-account', 'build', 'path', 'database', 'authentication', 'entra-account', 'finding'] as const;

/** `runbook`: a plan as a numbered document, from a snapshot of a server or from what an engineer says about one. Changes nothing. */
export async function runbookCommand(ports: CliPorts, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('runbook', words, {
    'servers': { type: 'string' }, 'plan': { type: 'string' }, 'computer-name': { type: 'string' }, 'service-account': { type: 'string' }, 'build': { type: 'string' }, 'path': { type: 'string' },
    'database': { type: 'string' }, 'authentication': { type: 'string' }, 'entra-account': { type: 'string' }, 'connector': { type: 'string', multiple: true }, 'ticket': { type: 'string' }, 'finding': { type: 'string' },
    'output': { type: 'string' }, 'json': { type: 'boolean' },
  }, { least: 0, most: 1 });
  if (values.plan === 'manual' && positionals.length === 0 && values.finding === undefined) throw wrongCall('The plan manual needs --finding where no server is read.', 'runbook');
  if (values.plan === undefined) throw wrongCall('runbook needs --plan.', 'runbook');
  const id = oneOf('runbook', 'plan', values.plan, planIds);
  const [name] = positionals;
  const given = saidOptions.filter((option) => values[option] !== undefined);
  if (name !== undefined && given.length > 0) throw wrongCall(`--${given[0] ?? ''} is for a server that is not reached; of ${name} a snapshot is taken.`, 'runbook');
  const said: SaidAboutServer = {
    computerName: values['computer-name'], startName: values['service-account'], build: readBuild(values.build), path: values.path?.replace(/\\+$/, ''), entraAccount: values['entra-account'], connectors: values.connector,
    database: values.database === undefined ? undefined : values.database.toLowerCase() === 'local' ? 'local' : 'remote', databaseServer: values.database?.toLowerCase() === 'local' ? undefined : values.database,
    authentication: values.authentication === undefined ? undefined : oneOf('runbook', 'authentication', values.authentication, ['password', 'application'] as const),
  };
  const finding = values.finding === undefined ? undefined : oneOf('runbook', 'finding', values.finding, findingIds);
  const subject = name === undefined ? fromWords(ports, id, said, values.ticket, finding) : await fromServer(ports, id, name, values.servers, values.connector?.[0], values.ticket);
  if (values.json === true) ports.io.out(jsonLine({ v: jsonVersion, command: 'runbook', server: name ?? null, ...runbookJson(subject) }));
  else await writeDocument(ports.io, values.output, runbook(subject));
  return exitCodes.done;
}

function fromWords(ports: CliPorts, id: PlanId, said: SaidAboutServer, ticket: string | undefined, finding: FindingId | undefined): RunbookSubject {
  const snapshot = saidSnapshot(said, id);
  return subjectOf(ports, { id, snapshot, findings: undefined, server: undefined, connector: said.connectors?.[0], ticket, said, finding });
}

async function fromServer(ports: CliPorts, id: PlanId, name: string, file: string | undefined, connector: string | undefined, ticket: string | undefined): Promise<RunbookSubject> {
  const [listed] = selectServers(await readServers(ports.io, file), [name], undefined);
  if (listed === undefined) throw wrongCall('runbook takes the name of one server.', 'runbook');
  return await interruptible(ports.io, async (signal) => {
    await using server = new ReachedServer(listed.target, ports, new Secrets(ports.io));
    const { snapshot, findings } = await server.diagnose(signal);
    return subjectOf(ports, { id, snapshot, findings, server: name, connector, ticket, said: {}, finding: undefined });
  });
}

function subjectOf(ports: CliPorts, from: { id: PlanId; snapshot: Snapshot; findings: readonly Finding[] | undefined; server: string | undefined; connector: string | undefined; ticket: string | undefined; said: SaidAboutServer; finding: FindingId | undefined }): RunbookSubject {
  const { id, snapshot, findings, server, connector, ticket, said, finding } = from;
  if (id === 'connector-password' && connector === undefined && findings?.some((finding) => finding.plan === id) !== true) throw wrongCall('The plan connector-password needs --connector.', 'runbook');
  const made = runbookSubject({ plan: id, snapshot, findings, assumed: finding === undefined ? [] : [saidFinding(finding, id)], server, connector, ticket, said, now: ports.clock.now() });
  if ('forbidden' in made) throw new CliError(exitCodes.refused, `The plan ${id} must not be carried out there, by hand either: ${made.forbidden}`);
  return made.subject;
}

/** A finding that an engineer names, with nothing to prove it. */
function saidFinding(id: FindingId, plan: PlanId): Finding {
  return { id, severity: 'error', title: id, detail: '', evidence: [], ruledOut: [], advice: '', plan, target: undefined };
}

function readBuild(text: string | undefined): string | undefined {
  if (text !== undefined && !/^\d{1,5}(\.\d{1,5}){3}$/.test(text)) throw wrongCall('--build takes four numbers, for instance 2.6.84.0.', 'runbook');
  return text;
}

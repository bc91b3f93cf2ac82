import { join } from 'node:path';
import { checkApproval } from '../../connect/approval/approvals.ts';
import { planDigest } from '../../connect/approval/plan-digest.ts';
import type { Finding } from '../../connect/finding.ts';
import { checkPin, identityOf, type MachineIdentity } from '../../connect/machine-pin.ts';
import { planById } from '../../connect/plans.ts';
import { Refused } from '../../connect/run-errors.ts';
import type { RunResult } from '../../connect/run-events.ts';
import { startRun, type RunOptions } from '../../connect/run.ts';
import { ServerLink } from '../../connect/server-link.ts';
import type { Snapshot } from '../../connect/snapshot.ts';
import { clientId } from '../../storage/client-id.ts';
import { Journals } from '../../storage/journals.ts';
import { MachinePinFiles } from '../../storage/machine-pins.ts';
import { UsedApprovalFiles } from '../../storage/used-approvals.ts';
import { adDsText } from '../ad-ds-text.ts';
import { CliError, wrongCall } from '../cli-error.ts';
import { CliPerson } from '../cli-person.ts';
import { standingConsent } from '../consent.ts';
import { exitCodes, signalCodes, type Interruption } from '../exit-codes.ts';
import { interruptible } from '../interrupted.ts';
import type { CliPorts } from '../io.ts';
import { jsonLine, jsonVersion } from '../json.ts';
import { ReachedServer } from '../reached-server.ts';
import { RunPrinter } from '../run-printer.ts';
import { readRunCall, type RunCall } from '../run-options.ts';
import { chosenWork, holdsIrreversible, unfinishedText, type ChosenWork } from '../run-work.ts';
import { Secrets } from '../secrets.ts';
import { readServers, selectServers } from '../servers.ts';
import { identityJson } from '../shapes.ts';
import { findingsText, planText } from '../text.ts';

/** How a run's end is told to whoever called. */
const endCodes: Readonly<Record<RunResult['state'], number>> = {
  done: exitCodes.done, failed: exitCodes.failed, refused: exitCodes.refused, unknown: exitCodes.unknown, cancelled: exitCodes.cancelled,
};

/** What was found before the run, and what is to be done about it. */
interface Prepared {
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  readonly chosen: ChosenWork;
  readonly identity: MachineIdentity;
}

/** `run`: executes one plan, or one step, on one server, with the same gates, confirmations, lock and journal as the editor. */
export async function runCommand(ports: CliPorts, words: readonly string[]): Promise<number> {
  const { io } = ports;
  const call = await readRunCall(io, words);
  const servers = await readServers(io, call.servers);
  const [listed] = selectServers(servers, [call.server], undefined);
  if (listed === undefined) throw wrongCall('run needs the name of a server.', 'run');
  const secrets = new Secrets(io);
  const pins = new MachinePinFiles(join(ports.state, 'machines'), servers.file);
  const used = new UsedApprovalFiles(join(ports.state, 'approvals'));
  await using server = new ReachedServer(listed.target, ports, secrets);
  const show = call.json ? io.err : io.out;
  const before = await interruptible(io, async (signal) => {
    const { snapshot, findings } = await server.diagnose(signal);
    show(`${findingsText(server.name, snapshot, findings)}${unfinishedText(server.name, snapshot)}`);
    const prepared: Prepared = { snapshot, findings, chosen: chosenWork(server.name, call, { snapshot, findings }, ports.newId, io.terminal !== undefined), identity: identityOf(snapshot) };
    if (prepared.chosen.plan !== undefined) show(planText(prepared.chosen.plan));
    show(adDsText(call.adDs, prepared.chosen.steps));
    await mayBegin(ports, server, call, prepared, pins, used);
    return prepared;
  });
  const { chosen: { id, work, plan }, identity } = before;
  const bound = plan === undefined ? undefined : { identity, plan: plan.id, digest: await digestOf(before) };
  const consent = standingConsent({ link: new ServerLink(server, ports.clock, () => undefined), run: id, bound, confirmed: call.confirm, token: call.token, used });
  const printer = new RunPrinter(show);
  const { result, interruption } = await watched(ports, server, {
    id, server, clock: ports.clock, pins, work, ticket: call.ticket, takeOver: call.takeOver, adDs: call.adDs, journal: new Journals(join(ports.state, 'runs')).sink(id),
    holder: { ...ports.user, client: await clientId(ports.state) },
    person: new CliPerson({ server: server.name, io, secrets, clock: ports.clock, answers: call.answers, patience: call.patience, consent }),
    onEvent: (event) => {
      if (event.kind === 'plan') consent.planIs(event.plan.id);
      printer.show(event);
    },
  });
  const after = result.state === 'refused' && !result.touched ? before.findings : await diagnosedAgain(ports, server);
  const idsOf = (findings: readonly Finding[]): readonly string[] => [...new Set(findings.map((finding) => finding.id))];
  if (call.json) {
    io.out(jsonLine({
      v: jsonVersion, command: 'run', server: server.name, ...identityJson(before.snapshot), run: id, resumed: work.kind === 'resume', plan: result.plan ?? null, state: result.state, message: result.message, refused: result.refused,
      steps: result.steps.map((step) => ({ plan: step.plan ?? null, id: step.id, target: step.target ?? null, state: step.state, seconds: step.seconds, detail: step.detail })),
      before: idsOf(before.findings), after: after === undefined ? null : idsOf(after),
    }));
  } else {
    io.out(`${result.message}\nNow: ${after === undefined ? 'not read again' : idsOf(after).join(', ')}\nChange record: entra-connect report ${id}\n`);
  }
  return result.state === 'cancelled' && interruption !== undefined ? signalCodes[interruption] : endCodes[result.state];
}

/** What a person approves: the plan as the diagnosis of now calls for it, of which an interrupted run has the rest to do. */
async function digestOf({ snapshot, findings, chosen: { work, plan } }: Prepared): Promise<string> {
  if (plan === undefined) return '';
  return await planDigest(work.kind === 'resume' ? planById(plan.id, findings, snapshot) : plan, snapshot);
}

/** What has to be there before a run begins where nobody can be asked meanwhile; rejects with what is missing. */
async function mayBegin(ports: CliPorts, server: ReachedServer, call: RunCall, prepared: Prepared, pins: MachinePinFiles, used: UsedApprovalFiles): Promise<void> {
  const { identity, chosen } = prepared;
  const { plan } = chosen;
  if (plan?.refused !== undefined) throw new Refused(plan.refused.finding, `${plan.title} cannot run: ${plan.refused.reason}`);
  if (call.confirm !== undefined && call.confirm.toLowerCase() !== identity.computerName.toLowerCase()) {
    throw new CliError(exitCodes.refused, `--confirm names another server: '${server.name}' reports that it is ${identity.computerName}.`, 'Nothing was changed.');
  }
  if (call.token !== undefined) {
    if (plan === undefined) throw new CliError(exitCodes.refused, 'An approval is for a plan, not for a single step.', 'Nothing was changed.');
    await checkPin(server.name, identity, pins);
    await checkApproval(new ServerLink(server, ports.clock, () => undefined), call.token, { identity, plan: plan.id, digest: await digestOf(prepared) }, used);
  } else if (ports.io.terminal === undefined) {
    if (holdsIrreversible(chosen)) throw new CliError(exitCodes.refused, 'This cannot be undone, and there is neither a terminal to type the server\'s name at nor an approval.', `Run "entra-connect plan ${server.name} --approve" at a terminal first. Nothing was changed.`);
    if (call.confirm === undefined) throw new CliError(exitCodes.refused, `Without a terminal a run needs --confirm ${identity.computerName}, the name that this server reports.`, 'Nothing was changed.');
  }
}

/** Runs to the end. Ctrl+C cancels, a second one drops the connection; while something irreversible runs both are refused, however often. */
async function watched(ports: CliPorts, server: ReachedServer, options: RunOptions): Promise<{ result: RunResult; interruption: Interruption | undefined }> {
  const run = startRun(options);
  let interruption: Interruption | undefined;
  const dispose = ports.io.onInterruption((signal) => {
    const answer = run.cancel();
    if (!answer.accepted) {
      ports.io.err(`Not cancelled: ${answer.why}\n`);
      return;
    }
    ports.io.err(interruption === undefined ? 'Cancelling; once more drops the connection.\n' : 'Dropping the connection.\n');
    if (interruption !== undefined) void server.drop();
    interruption ??= signal;
  });
  try {
    return { result: await run.result, interruption };
  } finally {
    dispose();
  }
}

/** What is found once the run is over; undefined where the server cannot be read any more, which is no reason to call the run failed. */
async function diagnosedAgain(ports: CliPorts, server: ReachedServer): Promise<readonly Finding[] | undefined> {
  try {
    return (await interruptible(ports.io, (signal) => server.diagnose(signal))).findings;
  } catch (error) {
    ports.io.err(`${server.name} could not be read after the run: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

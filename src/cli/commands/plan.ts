import { join } from 'node:path';
import { approvalMinutes, grantApproval } from '../../connect/approval/approvals.ts';
import { planDigest } from '../../connect/approval/plan-digest.ts';
import { plain } from '../../connect/evidence.ts';
import { valueOf } from '../../connect/fact.ts';
import { planIds } from '../../connect/ids.ts';
import { checkPin, identityOf } from '../../connect/machine-pin.ts';
import type { Plan } from '../../connect/plan.ts';
import { Refused } from '../../connect/run-errors.ts';
import { ServerLink } from '../../connect/server-link.ts';
import type { Snapshot } from '../../connect/snapshot.ts';
import { MachinePinFiles } from '../../storage/machine-pins.ts';
import { oneOf, parseWords, wholeNumber } from '../arguments.ts';
import { chosenPlans, isIrreversible } from '../chosen-plan.ts';
import { CliError, wrongCall } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interrupted.ts';
import type { CliPorts } from '../io.ts';
import { jsonLine, jsonVersion } from '../json.ts';
import { ReachedServer } from '../reached-server.ts';
import { Secrets } from '../secrets.ts';
import { readServers, selectServers } from '../servers.ts';
import { findingJson, identityJson, needsAction, planJson } from '../shapes.ts';
import { findingsText, planText } from '../text.ts';

/** An approval as it is printed. */
interface Approval {
  readonly plan: string;
  readonly digest: string;
  readonly token: string;
  /** By the server's clock. */
  readonly expires: string;
}

/** `plan`: diagnoses one server and shows its plans; `--approve` lets a person at the terminal approve the first of them. */
export async function planCommand(ports: CliPorts, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('plan', words, {
    servers: { type: 'string' }, plan: { type: 'string' }, connector: { type: 'string' }, approve: { type: 'boolean' }, minutes: { type: 'string' }, json: { type: 'boolean' },
  }, { least: 1, most: 1 });
  const named = values.plan === undefined ? undefined : oneOf('plan', 'plan', values.plan, planIds);
  const minutes = wholeNumber('plan', 'minutes', values.minutes, approvalMinutes.usual, approvalMinutes.shortest, approvalMinutes.longest);
  if (values.minutes !== undefined && values.approve !== true) throw wrongCall('--minutes is for --approve.', 'plan');
  if (values.approve === true && ports.io.terminal === undefined) {
    throw new CliError(exitCodes.refused, 'A plan is approved by a person at a terminal, and there is none here.', 'Run "entra-connect plan --approve" at a terminal, and give the token to what runs unattended.');
  }
  const servers = await readServers(ports.io, values.servers);
  const [listed] = selectServers(servers, positionals, undefined);
  if (listed === undefined) throw wrongCall('plan needs the name of a server.', 'plan');
  const json = values.json === true;
  return await interruptible(ports.io, async (signal) => {
    await using server = new ReachedServer(listed.target, ports, new Secrets(ports.io));
    const { snapshot, findings } = await server.diagnose(signal);
    const plans = chosenPlans(named, values.connector, findings, snapshot);
    // Where somebody approves, they read first, wherever standard output goes.
    const show = json || values.approve === true ? ports.io.err : ports.io.out;
    show(findingsText(server.name, snapshot, findings));
    for (const plan of plans) show(planText(plan));
    const approval = values.approve === true ? await approve(ports, server, servers.file, plans[0], snapshot, minutes, signal) : undefined;
    if (json) {
      const withDigest = await Promise.all(plans.map(async (plan) => ({ ...planJson(plan), digest: await planDigest(plan, snapshot) })));
      ports.io.out(jsonLine({ v: jsonVersion, command: 'plan', server: server.name, ...identityJson(snapshot), findings: findings.map(findingJson), plans: withDigest, approval: approval ?? null }));
    } else if (approval !== undefined) {
      ports.io.err(`Approved ${approval.plan} until ${approval.expires} by the server's clock, for one run:\n`);
      ports.io.out(`${approval.token}\n`);
    }
    if (approval !== undefined) return exitCodes.done;
    if (named !== undefined && plans[0]?.refused !== undefined) return exitCodes.refused;
    return findings.some(needsAction) ? exitCodes.attention : exitCodes.done;
  });
}

async function approve(ports: CliPorts, server: ReachedServer, serversFile: string, plan: Plan | undefined, snapshot: Snapshot, minutes: number, signal: AbortSignal): Promise<Approval> {
  if (plan === undefined) throw new CliError(exitCodes.refused, `Nothing that was found on ${server.name} calls for a plan, so there is nothing to approve.`, 'Name a plan with --plan if you mean one.');
  if (plan.refused !== undefined) throw new Refused(plan.refused.finding, `${plan.title} cannot run: ${plan.refused.reason}`);
  const identity = identityOf(snapshot);
  const clock = Date.parse(valueOf(snapshot.server.clock) ?? '');
  if (identity.machineId === '' || Number.isNaN(clock)) throw new Refused('cannot-tell', 'The server did not report its SyncMachineIdentifier and its clock, and an approval is bound to both.');
  await checkPin(server.name, identity, new MachinePinFiles(join(ports.state, 'machines'), serversFile));
  const warning = isIrreversible(plan) ? 'It holds a step that CANNOT BE UNDONE: not even a database backup brings the secrets back.' : 'Starting the service may drop connector secrets where the key cannot be read.';
  ports.io.err(`You approve that ${plan.id} runs on ${plain(identity.computerName)} without you, once, within ${minutes} minutes. ${warning}\n`);
  const typed = await ports.io.terminal?.line(`Type the name that the server reports, ${plain(identity.computerName)}, to approve it: `, signal);
  if (typed?.trim() !== identity.computerName) throw new CliError(exitCodes.cancelled, 'Not approved: another name was typed.', 'Nothing was changed.');
  const bound = { identity, plan: plan.id, digest: await planDigest(plan, snapshot) };
  const link = new ServerLink(server, ports.clock, () => undefined);
  const { token, expires } = await grantApproval(link, bound, `${ports.user.who} on ${ports.user.host}`, clock, minutes);
  return { plan: plan.id, digest: bound.digest, token: token.text, expires };
}

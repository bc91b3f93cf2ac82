import { parseWords } from '../arguments.ts';
import type { LabLayout } from '../layout.ts';
import { startPracticeServers, type PracticeServers } from '../practice-servers.ts';
import { callersPath, usualScenarios } from '../scenario.ts';
import { stopSignal } from '../stop-signal.ts';
import type { WinRmAccess } from '../winrm/start.ts';

/** `up`: starts simulated servers, says how to reach them, stays until it is told to end, and takes everything down. */
export async function up(lab: LabLayout, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('up', words, {
    directory: { type: 'string' }, attached: { type: 'boolean' }, json: { type: 'boolean' },
  }, { least: 0, most: 64 });
  const stop = stopSignal(values.attached === true);
  try {
    const practice = await startPracticeServers(lab, positionals.length === 0 ? usualScenarios : positionals, {
      signal: stop.signal,
      winrm: true,
      ...(values.directory !== undefined && { directory: callersPath(values.directory) }),
    });
    try {
      if (values.json === true) console.log(JSON.stringify(machineReadable(practice)));
      else console.log(readable(practice));
      await stop.requested;
    } finally {
      await practice.stop();
    }
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    throw error;
  } finally {
    stop.dispose();
  }
}

function machineReadable(practice: PracticeServers): unknown {
  const { directory, secretsFile, serversFile, knownHostsFile, servers } = practice;
  return {
    directory, secretsFile, serversFile, knownHostsFile,
    servers: servers.map((server) => ({
      name: server.name,
      scenario: server.scenario.name,
      computerName: server.scenario.content.computerName,
      host: server.ssh?.host,
      port: server.ssh?.port,
      user: server.ssh?.user,
      identityFile: server.ssh?.identityFile,
      hostKeyFingerprint: server.ssh?.hostKeyFingerprint,
      directory: server.directory,
      powershell: server.powershell,
      winrm: practice.winrm?.access.get(server.name),
    })),
  };
}

/** For a person at a terminal: the secrets themselves are shown, since they open nothing but these servers. */
function readable(practice: PracticeServers): string {
  const lines = practice.servers.flatMap(({ name, scenario, ssh, secrets }) => [
    `${name}: ${scenario.content.computerName}`,
    ...(ssh === undefined ? [] : [
      `    ssh -p ${ssh.port} -i ${ssh.identityFile} -o UserKnownHostsFile=${practice.knownHostsFile} ${ssh.user}@${ssh.host}`,
      `    host key ${ssh.hostKeyFingerprint}`,
    ]),
    ...winRmLines(practice.winrm?.access.get(name)),
    ...Object.entries(secrets).map(([secret, value]) => `    ${secret}: ${value}`),
  ]);
  return [
    ...lines,
    `Servers file: ${practice.serversFile}`,
    `Secrets: ${practice.secretsFile}`,
    'Ctrl+C ends everything.',
  ].join('\n');
}

function winRmLines(access: WinRmAccess | undefined): string[] {
  if (access === undefined) return [];
  return [
    `    http://${access.host}:${access.httpPort}/wsman  https://${access.host}:${access.httpsPort}/wsman  as ${access.user} (password below)`,
    `    certificate ${access.certificateFile} with key ${access.keyFile}, authority ${access.caFile}`,
    `    KRB5_CONFIG=${access.krb5Config} KRB5CCNAME=${access.credentialCache} for ${access.principal} to ${access.spn}`,
  ];
}

// The workspace that npm start opens: the lab's servers file, what to do with it, and the person's part as tasks.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../vscode/root.mjs';

export const practiceFolder = join(root, '.cache', 'practice');

const lab = (...args) => ({ type: 'process', command: process.execPath, args: [join(root, 'scripts', 'lab.mjs'), ...args], options: { cwd: root }, problemMatcher: [] });
const inTerminal = { reveal: 'always', panel: 'shared', focus: true, clear: true };

/** Tasks for what a person does outside this extension. */
function tasks(servers) {
  return {
    version: '2.0.0',
    tasks: [
      { label: 'Practice: enter a connector password in Synchronization Service Manager', ...lab('person', '${input:server}', 'enter-connector-password', '--connector', '${input:connector}'), presentation: inTerminal },
    ],
    inputs: [
      { id: 'server', type: 'pickString', description: 'On which server?', options: servers.map(({ name }) => name) },
      { id: 'connector', type: 'promptString', description: 'The connector, as Synchronization Service Manager lists it (for example contoso.example)' },
    ],
  };
}

function guide({ servers, secretsFile }) {
  const rows = servers.map((s) => `| ${s.name} | ${s.scenario} | ${s.computerName} | ${s.hostKeyFingerprint} |`);
  return `# Practice lab

Every server here is simulated: nothing you do can reach a real one. They live until you stop \`npm start\`.

| Server | Scenario | Its own name | SSH host key |
|---|---|---|---|
${rows.join('\n')}

1. Open **Entra Connect** in the activity bar and pick the server whose synchronization stopped.
2. **Connect**; compare the host key you are asked about with the table above.
3. **Diagnose**, read the finding and its evidence, then run the plan it calls for.
4. When a step waits for you, do the person's part: *Terminal → Run Task… → Practice: enter a connector password in Synchronization Service Manager*, then come back and let the step check.

Passwords you will be asked for, by server: [secrets.json](${secretsFile}). They are new at each start and belong to nothing else.
`;
}

/** Writes the folder anew for the servers of a running lab. */
export function writePracticeFolder(running, folder = practiceFolder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  copyFileSync(running.serversFile, join(folder, 'practice.connect.yaml'));
  writeFileSync(join(folder, 'README.md'), guide(running));
  writeFileSync(join(folder, '.vscode', 'tasks.json'), `${JSON.stringify(tasks(running.servers), undefined, 2)}\n`);
  return folder;
}

import type { PracticeScenario } from './scenario.ts';

/** The domain of practice servers: reserved (RFC 2606), so an entry that is copied elsewhere reaches nothing, least of all this machine. */
const domain = 'practice.invalid';

/** A servers file of simulated servers. Its texts come from the shipped scenarios and are plain; JSON strings are YAML. */
export function serversFileText(scenarios: readonly PracticeScenario[]): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return [
    '# Simulated servers on this machine. Close Practice Lab removes this file.',
    'version: 1',
    'groups:',
    `  - name: ${quoted('Practice lab')}`,
    '    defaults: { transport: ssh }',
    '    servers:',
    ...scenarios.map(({ id, computerName, role, title, description }) => `      - { name: ${quoted(id)}, host: ${quoted(`${id}.${domain}`)}, computerName: ${quoted(computerName)}, role: ${role}, notes: ${quoted(`${title}. ${description}`)} }`),
    '',
  ].join('\n');
}

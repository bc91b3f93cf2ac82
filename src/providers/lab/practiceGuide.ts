import * as vscode from 'vscode';
import type { PracticeServer } from './practiceLab.ts';

/** What a person at a practice server has to know, as Markdown: the story, and the passwords that open nothing else. */
export function practiceGuide(servers: readonly PracticeServer[]): string {
  const { t } = vscode.l10n;
  return [
    `# ${t('Practice lab')}`, '',
    t('These servers are simulated on this machine, and nothing done to them reaches it. Connect, diagnose and repair them as you would real ones. Close Practice Lab removes them.'), '',
    ...servers.flatMap((server) => [`## ${server.scenario.id} (${server.scenario.computerName})`, '', server.scenario.description, '', ...passwords(server).map(([who, password]) => `- ${who}: \`${password}\``), '']),
  ].join('\n');
}

function passwords({ scenario: { content }, secrets }: PracticeServer): [string, string][] {
  const { t } = vscode.l10n;
  const { account, service, connectors } = content;
  const serviceAccount = account.name ?? service.startName;
  const named: [string, string | undefined][] = [
    [serviceAccount, account.password],
    [t('{0}, before', serviceAccount), account.oldPasswordKnown === true ? account.oldPassword : undefined],
    ...connectors.filter(({ type }) => type === 'AD').map((connector): [string, string | undefined] => [connector.account ?? connector.name, connector.password]),
    [t('an administrator of Entra, any name'), 'entraAdmin'],
    [t('an Enterprise Admin, any name'), 'enterpriseAdmin'],
  ];
  return named.flatMap(([who, name]) => {
    const password = name === undefined ? undefined : secrets[name];
    return password === undefined ? [] : [[who, password]];
  });
}

import * as vscode from 'vscode';
import type { LogReach } from '../../events/reading/log-reading.ts';
import { isLogName } from '../../events/reading/log-selection.ts';

const { t } = vscode.l10n;

/** Asks for one of a server's event logs; one that is not listed can be typed. Undefined: none was chosen. Rejects where the list could not be read and none was typed. */
export async function chooseLog(list: Promise<readonly LogReach[]>): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly log: string }>();
  let listed: readonly (vscode.QuickPickItem & { readonly log: string })[] = [];
  const show = (): void => {
    const typed = pick.value.trim();
    const own = isLogName(typed) && !listed.some(({ log }) => log.toLowerCase() === typed.toLowerCase()) ? [{ label: typed, description: t('as typed'), log: typed, alwaysShow: true }] : [];
    pick.items = [...listed, ...own];
  };
  try {
    pick.title = t('Another Log by Name');
    pick.placeholder = t('Choose a log of the server, or type its name');
    pick.busy = true;
    return await new Promise((resolve, reject) => {
      pick.onDidChangeValue(show);
      pick.onDidAccept(() => {
        // Enter before the list is there chooses nothing, and is no farewell either.
        const [chosen] = pick.selectedItems;
        if (chosen !== undefined) resolve(chosen.log);
      });
      pick.onDidHide(() => { resolve(undefined); });
      pick.show();
      list.then((logs) => {
        listed = [...logs].sort((a, b) => Number((b.count ?? 0) > 0) - Number((a.count ?? 0) > 0)).map(({ log, count, enabled }) => ({ label: log, log, description: count === undefined ? t('unknown number of events') : enabled ? t('{0} events', count.toLocaleString(vscode.env.language)) : t('{0} events, switched off', count.toLocaleString(vscode.env.language)) }));
        pick.busy = false;
        show();
      }, reject);
    });
  } finally {
    pick.dispose();
  }
}

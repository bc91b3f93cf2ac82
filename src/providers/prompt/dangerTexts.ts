import * as vscode from 'vscode';
import type { PlanId } from '../../connect/ids.ts';
import { stepTitle } from '../tree/stepTitles.ts';
import { remedies, type DangerId } from './dangerRules.ts';

/** What a command could do, in one or two sentences. */
export function dangerText(danger: DangerId): string {
  const { t } = vscode.l10n;
  switch (danger) {
    case 'encryption-key': return t('It may abandon the encryption key: every stored connector secret is lost and cannot be brought back.');
    case 'service': return t('It stops or starts synchronization. A start after a password reset can drop every stored connector secret.');
    case 'service-account': return t('It changes the service or the account that it runs as. A wrong value makes it LocalSystem or keeps it from starting.');
    case 'service-process': return t('It ends the process of the sync engine in the middle of its work.');
    case 'scheduler': return t('It changes the scheduler. What it was before is remembered only where a step pauses it.');
    case 'connector-account': return t('It changes the account or the stored password of an AD DS Connector.');
    case 'entra-account': return t('It makes a new account or credential of the Entra Connector in the tenant.');
    case 'synchronization': return t('It changes what is synchronized or starts a synchronization.');
    case 'own-records': return t('It changes what this extension keeps on the server: the lock, the original scheduler state, and what an interrupted run is resumed from.');
    case 'files': return t('It changes files of Entra Connect or rights on them.');
    case 'database': return t('It works on the database of the sync engine, past the sync engine.');
    case 'reboot': return t('It restarts the server or ends its sessions: the service starts again unattended.');
    case 'account-password': return t('It changes an account\'s password. Where that is the service account, synchronization stops.');
    case 'installer': return t('It may change or remove the installation of Entra Connect.');
    case 'secret': return t('A secret seems to be written on the line. The server may log command lines. The line is kept in no history and in no transcript here.');
    case 'cannot-tell': return t('What it runs is only known on the server, so nobody can tell beforehand what it does.');
  }
}

/** What does a danger's work with checks, confirmation and a way back, by its title; undefined where nothing of ours does. */
export function remedyTitle(danger: DangerId): string | undefined {
  const remedy = remedies[danger];
  if (remedy === undefined) return undefined;
  return remedy.kind === 'step' ? stepTitle(remedy.step) : planTitle(remedy.plan);
}

function planTitle(plan: PlanId): string {
  const { t } = vscode.l10n;
  switch (plan) {
    case 'service-password': return t('Plan: Service Password');
    case 'full-abandonment': return t('Plan: Full Abandonment');
    case 'connector-password': return t('Plan: Connector Password');
    case 'entra-reinitialize': return t('Plan: Reinitialize Entra Connector Account');
    case 'planned-change': return t('Plan: Planned Password Change');
    default: return plan;
  }
}

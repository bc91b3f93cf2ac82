import * as vscode from 'vscode';
import type { StepId } from '../../connect/ids.ts';

const { t } = vscode.l10n;

/** Steps as lists show them: the registry itself, with its scripts, is loaded only when something runs. */
const titles: Record<StepId, string> = {
  'back-up-configuration': t('Back Up Configuration'),
  'back-up-database': t('Back Up Database'),
  'pause-scheduler': t('Pause Scheduler'),
  'set-service-password': t('Set Service Password'),
  'stop-service': t('Stop Service'),
  'abandon-key': t('Abandon Encryption Key'),
  'start-service': t('Start Service'),
  'enter-connector-password': t('Enter AD DS Connector Password'),
  'reinitialize-entra-account': t('Reinitialize Entra Connector Account'),
  'restart-service': t('Restart Service'),
  'verify': t('Verify'),
  'restore-scheduler': t('Restore Scheduler'),
};

/** One step's title. */
export function stepTitle(step: StepId): string {
  return titles[step];
}

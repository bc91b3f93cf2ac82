import * as vscode from 'vscode';
import type { FindingId } from '../../connect/ids.ts';

const { t } = vscode.l10n;

/** Findings in few words, for a server's own line; their titles say it in full. */
const labels: Record<FindingId, string> = {
  'healthy': t('healthy'),
  'stale-scm-password': t('old password in the service'),
  'account-blocked': t('service account blocked'),
  'logon-unavailable': t('logon unavailable'),
  'logon-right-missing': t('logon right missing'),
  'account-replaced': t('service account replaced'),
  'key-unreadable-no-dc': t('key unreadable, no domain controller'),
  'key-recreated': t('encryption key recreated'),
  'key-lost': t('encryption key lost'),
  'database-broken': t('database broken'),
  'database-restored': t('database restored'),
  'database-nearly-full': t('database nearly full'),
  'connector-password': t('connector password missing'),
  'entra-sign-in': t('Entra sign-in fails'),
  'application-auth': t('application-based authentication'),
  'build-too-old': t('build too old'),
  'build-unsupported': t('build unsupported'),
  'not-installed': t('not installed'),
  'access-denied': t('access denied'),
  'cannot-tell': t('cannot tell'),
};

/** One finding's few words. */
export function findingLabel(id: FindingId): string {
  return labels[id];
}

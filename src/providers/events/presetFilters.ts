import * as vscode from 'vscode';
import type { EventFilter } from '../../events/event-filter.ts';
import type { LogSelection } from '../../events/reading/log-selection.ts';
import { presets, repairLogs } from '../../events/presets.ts';
import type { Init } from '../../events/protocol.ts';

const { t } = vscode.l10n;

/** The ids of presets that are not only a filter over the default view. */
export const sincePassword = 'since-password';
export const everything = 'everything';
export const lastRun = 'last-run';

/** What the page offers under Presets. */
export function offeredPresets(): Init['presets'] {
  return [
    { id: 'repair', title: t('Everything About the Repair'), detail: t('Service Control Manager, ADSync, account and key events; good news too.') },
    { id: 'logon', title: t('Log-On of the Service'), detail: t('Wrong, expired or blocked passwords of the service account.') },
    { id: 'key', title: t('Encryption Key'), detail: t('Lost, recreated, abandoned and new keys.') },
    { id: 'connectors', title: t('Connector Credentials'), detail: t('Stored secrets of connectors, and sign-in to Entra.') },
    { id: 'database', title: t('Database'), detail: t('The database that holds the configuration.') },
    { id: 'starts', title: t('Starts and Stops'), detail: t('When the service ran, stopped or crashed.') },
    { id: sincePassword, title: t('Since the Password Changed'), detail: t('What happened since the password of the service account was changed or reset.') },
    { id: lastRun, title: t('The Last Run'), detail: t('What the server wrote while the last run was at work.') },
    { id: everything, title: t('Everything in System and Application'), detail: t('Reads both logs as a whole.') },
  ];
}

/** The logs that a preset reads. */
export function logsOf(preset: string): readonly LogSelection[] {
  return preset === everything ? [{ log: 'System' }, { log: 'Application' }] : repairLogs;
}

/** What a preset shows of the events that are loaded. */
export function filterOf(preset: string): EventFilter {
  const parts = preset === 'repair' ? [] : presets[preset]?.logs.flatMap((log) => log.any ?? []) ?? [];
  if (parts.length === 0) return { terms: [] };
  const ids = [...new Set(parts.flatMap((part) => part.ids ?? []))];
  const providers = [...new Set(parts.flatMap((part) => part.providers ?? []))];
  return {
    terms: [
      ...(ids.length === 0 || parts.some((part) => part.ids === undefined && part.providers === undefined) ? [] : [{ field: 'id' as const, values: parts.some((part) => part.ids === undefined) ? [...ids, 1, 2] : ids, exclude: false }]),
      ...(providers.length === 0 || parts.some((part) => part.providers === undefined) ? [] : [{ field: 'provider' as const, values: providers, exclude: false }]),
    ],
  };
}

import * as vscode from 'vscode';
import type { Finding } from '../../connect/finding.ts';
import type { EventFilter } from '../../events/event-filter.ts';
import { filterOfFinding } from '../../events/finding-presets.ts';
import type { LogSelection } from '../../events/reading/log-selection.ts';
import { presets, repairLogs } from '../../events/presets.ts';
import type { Init } from '../../events/protocol.ts';

const { t } = vscode.l10n;

/** The ids of presets that are not only a filter over the default view. */
export const sincePassword = 'since-password';
export const everything = 'everything';
export const lastRun = 'last-run';
export const anotherLog = 'another-log';

/** Presets of findings begin with this. */
export const ofFinding = 'finding:';

/** What the page offers under Presets; what was found comes first. */
export function offeredPresets(findings: readonly Finding[]): Init['presets'] {
  const found = [...new Map(findings.map((finding) => [finding.id, finding])).values()].filter(({ id }) => filterOfFinding(id) !== undefined);
  return [
    ...found.map(({ id, title }) => ({ id: `${ofFinding}${id}`, title: t('Finding: {0}', title.slice(0, 150)), detail: t('Events that speak for or against it.') })),
    { id: 'repair', title: t('Everything About the Repair'), detail: t('Service Control Manager, ADSync, account and key events; good news too.') },
    { id: 'logon', title: t('Log-On of the Service'), detail: t('Wrong, expired or blocked passwords of the service account.') },
    { id: 'key', title: t('Encryption Key'), detail: t('Lost, recreated, abandoned and new keys.') },
    { id: 'connectors', title: t('Connector Credentials'), detail: t('Stored secrets of connectors, and sign-in to Entra.') },
    { id: 'database', title: t('Database'), detail: t('The database that holds the configuration.') },
    { id: 'starts', title: t('Starts and Stops'), detail: t('When the service ran, stopped or crashed.') },
    { id: sincePassword, title: t('Since the Password Changed'), detail: t('What happened since the password of the service account was changed or reset.') },
    { id: lastRun, title: t('The Last Run'), detail: t('What the server wrote while the last run was at work.') },
    { id: everything, title: t('Everything in System and Application'), detail: t('Reads both logs as a whole.') },
    { id: anotherLog, title: t('Another Log by Name'), detail: t('Chosen from the logs of the server, or typed.') },
  ];
}

/** The logs that a preset reads. */
export function logsOf(preset: string): readonly LogSelection[] {
  return preset === everything ? [{ log: 'System' }, { log: 'Application' }] : repairLogs;
}

/** What a preset shows of the events that are loaded. */
export function filterOf(preset: string): EventFilter {
  const finding = preset.startsWith(ofFinding) ? filterOfFinding(preset.slice(ofFinding.length)) : undefined;
  if (finding !== undefined) return finding;
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

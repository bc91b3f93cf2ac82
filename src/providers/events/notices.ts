import * as vscode from 'vscode';
import type { Notice } from '../../events/protocol.ts';
import type { ServerReading, ReadingNews } from './serverReading.ts';

const { t } = vscode.l10n;

/** What a person has to know about the reading of several servers. */
export function noticesOf(readings: readonly ServerReading[]): readonly Notice[] {
  return readings.flatMap((reading) => reading.news.map((news): Notice => ({ id: `${reading.name}/${'log' in news ? news.log : ''}/${news.kind}`.slice(0, 200), ...notice(reading.name, news) })));
}

function notice(server: string, news: ReadingNews): Omit<Notice, 'id'> {
  switch (news.kind) {
    case 'denied': return { severity: 'warning', text: t('{0}: the account may not read the log {1}. Membership in Event Log Readers or administrator rights allow it.', server, news.log) };
    case 'missing': return { severity: 'info', text: t('{0} has no log {1}, or its provider is not installed.', server, news.log) };
    case 'failed': return { severity: 'warning', text: t('{0}: the log {1} could not be read. {2}', server, news.log, news.detail), action: 'retry' };
    case 'cleared': return { severity: 'warning', text: t('{0}: the log {1} was cleared. What was read before is still shown.', server, news.log) };
    case 'gap': return { severity: 'warning', text: t('{0}: the log {1} was overwritten faster than it was read, {2} events are missing.', server, news.log, news.events) };
    case 'gone': return { severity: 'info', text: t('The log does not hold this event any more.') };
    case 'cancelled': return { severity: 'info', text: t('{0}: reading was cancelled.', server), action: 'older' };
    case 'full': return { severity: 'warning', text: t('{0}: no more events can be held. Close other event logs, or choose a preset that reads fewer.', server) };
    case 'lost': return { severity: 'error', text: t('{0}: {1} What was read is still shown.', server, news.message), action: 'retry' };
  }
}

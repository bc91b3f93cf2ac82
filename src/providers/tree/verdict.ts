import * as vscode from 'vscode';
import type { Finding } from '../../connect/finding.ts';
import { heldBy, unfinishedOf, type ServerState } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { findingLabel } from './findingLabels.ts';

const { t } = vscode.l10n;

/** What a server's last diagnosis comes to, in one line. */
export function verdictOf(state: ServerState): string {
  return [verdict(state.diagnosis?.findings ?? []), ...unfinished(state)].join(' · ');
}

/** Whose run the server is in the middle of, in a word. */
function unfinished(state: ServerState): readonly string[] {
  const held = heldBy(state);
  if (held !== undefined) return [t('in use by {0}', sanitizeLine(held.entry.who, 40))];
  return unfinishedOf(state) === undefined ? [] : [t('interrupted run')];
}

/** The most urgent finding; for a healthy server that, and what there is to know beside it. */
function verdict(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const shown = errors.length > 0 || !findings.some((finding) => finding.id === 'healthy')
    ? findings.slice(0, 1)
    : [...findings].sort((a, b) => Number(b.id === 'healthy') - Number(a.id === 'healthy'));
  return shown.map((finding) => findingLabel(finding.id)).join(' · ');
}

import * as vscode from 'vscode';
import type { StepState } from '../../connect/ids.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';

const { t } = vscode.l10n;

const words: Record<StepState, string> = {
  'pending': t('pending'),
  'running': t('running'),
  'waiting-for-person': t('waiting for you'),
  'done': t('done'),
  'skipped': t('skipped'),
  'failed': t('failed'),
  'refused': t('refused'),
  'cancelled': t('cancelled'),
  'unknown': t('outcome unknown'),
};

/** How a step or a run stands, as lists show it; a state that is not known here, of a newer journal, as it is. */
export function stateWord(state: string): string {
  return Object.hasOwn(words, state) ? words[state as StepState] : sanitizeLine(state, 40);
}

import type { StepState } from '../../connect/ids.ts';
import type { Finding } from '../../connect/finding.ts';

/** A product icon's name and a theme colour. */
interface Icon {
  readonly name: string;
  readonly colour?: string;
}

/** Icons of findings, by severity. */
export const severityIcons: Record<Finding['severity'], Icon> = {
  ok: { name: 'pass-filled', colour: 'testing.iconPassed' },
  information: { name: 'info', colour: 'notificationsInfoIcon.foreground' },
  warning: { name: 'warning', colour: 'list.warningForeground' },
  error: { name: 'error', colour: 'list.errorForeground' },
};

/** Icons of steps, by state. */
export const stepIcons: Record<StepState, Icon> = {
  'pending': { name: 'circle-outline', colour: 'disabledForeground' },
  'running': { name: 'loading~spin', colour: 'charts.blue' },
  'waiting-for-person': { name: 'bell-dot', colour: 'list.warningForeground' },
  'done': { name: 'pass-filled', colour: 'testing.iconPassed' },
  'skipped': { name: 'debug-step-over', colour: 'testing.iconSkipped' },
  'failed': { name: 'error', colour: 'list.errorForeground' },
  'refused': { name: 'circle-slash', colour: 'list.warningForeground' },
  'cancelled': { name: 'circle-slash', colour: 'testing.iconSkipped' },
  'unknown': { name: 'question', colour: 'list.warningForeground' },
};

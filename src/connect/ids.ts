/**
 * Ids that appear in journals, JSON, scenario files and documentation. Add to them, never rename one.
 */

export const findingIds = [
  'healthy', 'stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced',
  'key-unreadable-no-dc', 'key-recreated', 'key-lost', 'database-broken', 'database-restored', 'database-nearly-full',
  'connector-password', 'entra-sign-in', 'application-auth', 'build-too-old', 'build-unsupported', 'not-installed',
  'access-denied', 'cannot-tell',
] as const;
export type FindingId = (typeof findingIds)[number];

export const planIds = [
  'service-password', 'full-abandonment', 'credentials-only', 'connector-password', 'entra-reinitialize',
  'entra-application', 'planned-change', 'abandon-any-reason', 'manual',
] as const;
export type PlanId = (typeof planIds)[number];

export const stepIds = [
  'back-up-configuration', 'back-up-database', 'pause-scheduler', 'set-service-password', 'stop-service', 'abandon-key',
  'start-service', 'enter-connector-password', 'reinitialize-entra-account', 'restart-service', 'verify', 'restore-scheduler',
] as const;
export type StepId = (typeof stepIds)[number];

export const stepStates = [
  'pending', 'running', 'waiting-for-person', 'done', 'skipped', 'failed', 'refused', 'cancelled', 'unknown',
] as const;
export type StepState = (typeof stepStates)[number];

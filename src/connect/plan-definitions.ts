import type { PlanId, StepId } from './ids.ts';
import type { StepPurpose } from './plan.ts';

/** One step of a plan's definition. */
export interface Slot {
  readonly step: StepId;
  readonly note?: string;
  readonly purpose?: StepPurpose;
  /** `each`: once for every connector whose password is a person's to enter. `target`: for the finding's connector. */
  readonly per?: 'each' | 'target';
  /** Taken even where an earlier step failed or was declined. */
  readonly always?: true;
}

/** What a plan is, whatever the server. */
export interface PlanDefinition {
  readonly title: string;
  readonly why: string;
  /** Steps whose gates decide, before anything, whether the plan can run at all. */
  readonly decidedBy: readonly StepId[];
  readonly slots: readonly Slot[];
}

const pauseFirst: Slot = { step: 'pause-scheduler', note: 'Nothing may be configured or restarted while a synchronization runs; a running one is waited for.' };
const restart: Slot = { step: 'restart-service', note: 'The service keeps old passwords in memory until it is restarted.' };
/** Last, and also where something before it failed: a scheduler that is left off is the next fault. */
export const putBack: Slot = { step: 'restore-scheduler', always: true, note: 'Also where an earlier step fails.' };

const credentials: readonly Slot[] = [
  { step: 'enter-connector-password', per: 'each' },
  { step: 'reinitialize-entra-account', note: 'Skipped where the server signs in to Entra as an application.' },
  restart,
  { step: 'verify' },
  putBack,
];

/** Every plan, by its id. */
export const planDefinitions: Readonly<Record<PlanId, PlanDefinition>> = {
  'service-password': {
    title: 'Give Service Control Manager the new password and start the service',
    why: 'Service Control Manager still has the old password of the service account. Most cases end with this.',
    decidedBy: ['set-service-password', 'start-service'],
    slots: [{ step: 'set-service-password' }, { step: 'start-service', note: 'One attempt. The server is diagnosed again afterwards.' }, { step: 'verify' }],
  },
  'full-abandonment': {
    title: 'Abandon the lost encryption key and enter every secret again',
    why: 'The encryption key cannot be read any more, so nothing that it protects can be.',
    decidedBy: ['abandon-key'],
    slots: [
      { step: 'start-service', purpose: 'retry', note: 'One more attempt: it brings the database up, and a key that can be read again ends the plan here.' },
      { step: 'back-up-configuration', note: 'Skipped where the service cannot run.' },
      { step: 'pause-scheduler', note: 'Done after the key was abandoned where the service cannot run now.' },
      { step: 'back-up-database' },
      { step: 'abandon-key', note: 'The one step that cannot be undone.' },
      { step: 'start-service', purpose: 'after-abandon', note: 'The service makes a new key.' },
      { step: 'pause-scheduler', note: 'Skipped where it is paused already.' },
      ...credentials,
    ],
  },
  'credentials-only': {
    title: 'Enter every secret again; the key has been made anew',
    why: 'The service has a new encryption key, and what was stored with the old one has to be entered again. Nothing is abandoned.',
    decidedBy: ['enter-connector-password'],
    slots: [
      { step: 'start-service', note: 'Skipped where it runs.', purpose: 'after-abandon' },
      { step: 'pause-scheduler' },
      ...credentials,
    ],
  },
  'connector-password': {
    title: 'Enter the password of one connector',
    why: 'The stored password of this connector is not the account\'s any more. The others are left alone.',
    decidedBy: ['restart-service'],
    slots: [pauseFirst, { step: 'enter-connector-password', per: 'target' }, restart, { step: 'verify' }, putBack],
  },
  'entra-reinitialize': {
    title: 'Set the password of the Entra Connector account anew',
    why: 'The Entra Connector account cannot sign in to the tenant.',
    decidedBy: ['reinitialize-entra-account', 'restart-service'],
    slots: [pauseFirst, { step: 'reinitialize-entra-account' }, restart, { step: 'verify' }, putBack],
  },
  'entra-application': {
    title: 'Repair the application that signs in to Entra',
    why: 'This server signs in as an application: its certificate is renewed in the wizard (Rotate application certificate), never by resetting a password.',
    decidedBy: [],
    slots: [],
  },
  'planned-change': {
    title: 'Change the password of the service account as planned',
    why: 'A planned change: what is there is saved first, each stage is checked, and what the new password does to the key is told before it happens.',
    decidedBy: ['set-service-password', 'restart-service'],
    slots: [
      { step: 'back-up-configuration' }, { step: 'pause-scheduler' }, { step: 'back-up-database' },
      { step: 'set-service-password', note: 'Change the password on the account when this step asks for it: as a change with the old password, never as a reset.' },
      { step: 'restart-service', purpose: 'retry', note: 'One restart. The server is diagnosed again: only what that shows can call for more.' },
      { step: 'verify' }, putBack,
    ],
  },
  'abandon-any-reason': {
    title: 'Abandon the encryption key although nothing is broken',
    why: 'For instance after the key was compromised. Every stored secret is dropped and has to be entered again; promoting a staging server first keeps synchronization alive.',
    decidedBy: ['abandon-key'],
    slots: [
      { step: 'start-service', purpose: 'retry', note: 'Skipped where it runs; it brings the database up.' },
      { step: 'back-up-configuration' }, { step: 'pause-scheduler' }, { step: 'back-up-database' },
      { step: 'abandon-key', note: 'The one step that cannot be undone. Asks for the reason in writing, and offers the staging server first.' },
      { step: 'start-service', purpose: 'after-abandon', note: 'The service makes a new key.' },
      { step: 'pause-scheduler', note: 'Skipped where it is paused already.' },
      ...credentials,
    ],
  },
  'manual': {
    title: 'Work that is done outside of this product',
    why: 'The finding says what a person has to do. Start the service afterwards and diagnose again.',
    decidedBy: [],
    slots: [],
  },
};

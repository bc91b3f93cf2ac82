import type { StepId } from '../ids.ts';
import type { Step } from '../step.ts';
import { abandonKey } from './abandon-key.ts';
import { backUpConfiguration } from './back-up-configuration.ts';
import { backUpDatabase } from './back-up-database.ts';
import { enterConnectorPassword } from './enter-connector-password.ts';
import { pauseScheduler } from './pause-scheduler.ts';
import { reinitializeEntraAccount } from './reinitialize-entra-account.ts';
import { restartService } from './restart-service.ts';
import { restoreScheduler } from './restore-scheduler.ts';
import { setServicePassword } from './set-service-password.ts';
import { startService } from './start-service.ts';
import { stopService } from './stop-service.ts';
import { verify } from './verify.ts';

const byId: Readonly<Record<StepId, Step>> = {
  'back-up-configuration': backUpConfiguration,
  'back-up-database': backUpDatabase,
  'pause-scheduler': pauseScheduler,
  'set-service-password': setServicePassword,
  'stop-service': stopService,
  'abandon-key': abandonKey,
  'start-service': startService,
  'enter-connector-password': enterConnectorPassword,
  'reinitialize-entra-account': reinitializeEntraAccount,
  'restart-service': restartService,
  'verify': verify,
  'restore-scheduler': restoreScheduler,
};

/** Every step, in the order in which a whole repair takes them. Palette, tree, terminal and plans all list this. */
export const steps: readonly Step[] = Object.values(byId);

/** The step of an id. */
export function stepById(id: StepId): Step {
  return byId[id];
}

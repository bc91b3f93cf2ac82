import type { StepId } from '../ids.ts';
import { abandonKeyByHand } from './abandon-key.ts';
import { backUpConfigurationByHand, backUpDatabaseByHand } from './back-up.ts';
import { enterConnectorPasswordByHand, reinitializeEntraAccountByHand } from './credentials.ts';
import type { Manual, ManualAbout } from './manual.ts';
import { pauseSchedulerByHand, restoreSchedulerByHand } from './scheduler.ts';
import { restartServiceByHand, setServicePasswordByHand, startServiceByHand, stopServiceByHand } from './service.ts';
import { verifyByHand } from './verify.ts';

/** How a person takes each step by hand. A step without one does not compile. */
export const manuals: Readonly<Record<StepId, (about: ManualAbout) => Manual>> = {
  'back-up-configuration': backUpConfigurationByHand,
  'back-up-database': backUpDatabaseByHand,
  'pause-scheduler': pauseSchedulerByHand,
  'set-service-password': setServicePasswordByHand,
  'stop-service': stopServiceByHand,
  'abandon-key': abandonKeyByHand,
  'start-service': startServiceByHand,
  'enter-connector-password': enterConnectorPasswordByHand,
  'reinitialize-entra-account': reinitializeEntraAccountByHand,
  'restart-service': restartServiceByHand,
  'verify': verifyByHand,
  'restore-scheduler': restoreSchedulerByHand,
};

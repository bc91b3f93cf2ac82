import abandon from './scripts/abandon.ps1';
import backUpConfiguration from './scripts/back-up-configuration.ps1';
import backUpDatabase from './scripts/back-up-database.ps1';
import beginRun from './scripts/begin-run.ps1';
import copyDatabase from './scripts/copy-database.ps1';
import endAbandonTask from './scripts/end-abandon-task.ps1';
import guard from './scripts/guard.ps1';
import launchAbandon from './scripts/launch-abandon.ps1';
import lockRelease from './scripts/lock-release.ps1';
import lockTakeOver from './scripts/lock-take-over.ps1';
import lockWrite from './scripts/lock-write.ps1';
import pauseScheduler from './scripts/pause-scheduler.ps1';
import protectFolder from './scripts/protect-folder.ps1';
import readAbandon from './scripts/read-abandon.ps1';
import readApproval from './scripts/read-approval.ps1';
import readEntraAccount from './scripts/read-entra-account.ps1';
import readKeyEvents from './scripts/read-key-events.ps1';
import readPasswordSync from './scripts/read-password-sync.ps1';
import readRuns from './scripts/read-runs.ps1';
import readScheduler from './scripts/read-scheduler.ps1';
import readService from './scripts/read-service.ps1';
import recordStep from './scripts/record-step.ps1';
import reinitializeEntraAccount from './scripts/reinitialize-entra-account.ps1';
import restoreScheduler from './scripts/restore-scheduler.ps1';
import setServicePassword from './scripts/set-service-password.ps1';
import settleAbandon from './scripts/settle-abandon.ps1';
import startCycle from './scripts/start-cycle.ps1';
import startService from './scripts/start-service.ps1';
import stopService from './scripts/stop-service.ps1';
import storeConnectorPassword from './scripts/store-connector-password.ps1';
import swapConnectorAccount from './scripts/swap-connector-account.ps1';
import testConnector from './scripts/test-connector.ps1';
import useApproval from './scripts/use-approval.ps1';
import writeApproval from './scripts/write-approval.ps1';
import writeBaseline from './scripts/write-baseline.ps1';

/** One Windows PowerShell 5.1 script and its name for log lines and errors. */
export interface ServerScript {
  readonly name: string;
  readonly text: string;
}

/** Stands in a script where it says so: the checks of the moment of acting, in the same round trip as the action. */
const guardMark = '# guard.ps1 is put in here.';

/** A script with its guard. Throws where the mark is missing: a script that acts without its checks must not leave the house. */
function guarded(name: string, text: string): ServerScript {
  if (text.split(guardMark).length !== 2) throw new Error(`${name}.ps1 does not say where its guard belongs.`);
  return { name, text: text.replace(guardMark, () => guard) };
}

/** Every script that a run may send to a server. */
export const scripts = {
  abandon: guarded('abandon', abandon),
  backUpConfiguration: guarded('back-up-configuration', backUpConfiguration),
  backUpDatabase: guarded('back-up-database', backUpDatabase),
  beginRun: guarded('begin-run', beginRun),
  copyDatabase: guarded('copy-database', copyDatabase),
  endAbandonTask: { name: 'end-abandon-task', text: endAbandonTask },
  launchAbandon: guarded('launch-abandon', launchAbandon),
  lockRelease: { name: 'lock-release', text: lockRelease },
  lockTakeOver: { name: 'lock-take-over', text: lockTakeOver },
  lockWrite: { name: 'lock-write', text: lockWrite },
  pauseScheduler: guarded('pause-scheduler', pauseScheduler),
  // Needs no guard: the folder's name is the run's own, so on another machine it leaves an empty one.
  protectFolder: { name: 'protect-folder', text: protectFolder },
  readAbandon: { name: 'read-abandon', text: readAbandon },
  readApproval: { name: 'read-approval', text: readApproval },
  readEntraAccount: { name: 'read-entra-account', text: readEntraAccount },
  readKeyEvents: { name: 'read-key-events', text: readKeyEvents },
  readPasswordSync: { name: 'read-password-sync', text: readPasswordSync },
  readRuns: { name: 'read-runs', text: readRuns },
  readScheduler: { name: 'read-scheduler', text: readScheduler },
  readService: { name: 'read-service', text: readService },
  recordStep: { name: 'record-step', text: recordStep },
  reinitializeEntraAccount: guarded('reinitialize-entra-account', reinitializeEntraAccount),
  restoreScheduler: guarded('restore-scheduler', restoreScheduler),
  setServicePassword: guarded('set-service-password', setServicePassword),
  // The intent is its guard: no other machine and no newer attempt has the same, and it touches nothing but its marker and claim.
  settleAbandon: { name: 'settle-abandon', text: settleAbandon },
  startCycle: guarded('start-cycle', startCycle),
  startService: guarded('start-service', startService),
  stopService: guarded('stop-service', stopService),
  storeConnectorPassword: guarded('store-connector-password', storeConnectorPassword),
  swapConnectorAccount: guarded('swap-connector-account', swapConnectorAccount),
  testConnector: { name: 'test-connector', text: testConnector },
  // Needs no guard: the name is 128 random bits, so another machine has no such approval; the step that follows is guarded.
  useApproval: { name: 'use-approval', text: useApproval },
  writeApproval: { name: 'write-approval', text: writeApproval },
  writeBaseline: guarded('write-baseline', writeBaseline),
} as const satisfies Readonly<Record<string, ServerScript>>;

import { planIds, stepIds, type PlanId, type StepId } from '../connect/ids.ts';

/** Category of every command, as the palette shows it. */
export const commandCategory = 'Entra Connect';

/** Command ids that are written by hand; steps and plans have generated ones. */
export const commands = {
  connect: 'entraConnect.connect',
  cancel: 'entraConnect.cancel',
  disconnect: 'entraConnect.disconnect',
  refresh: 'entraConnect.refresh',
  diagnose: 'entraConnect.diagnose',
  diagnoseServers: 'entraConnect.diagnoseServers',
  runRecommended: 'entraConnect.runRecommended',
  resumeRun: 'entraConnect.resumeRun',
  takeOver: 'entraConnect.takeOver',
  checkNow: 'entraConnect.checkNow',
  giveUp: 'entraConnect.giveUp',
  showTerminal: 'entraConnect.showTerminal',
  openTranscript: 'entraConnect.openTranscript',
  openRun: 'entraConnect.openRun',
  exportRunbook: 'entraConnect.exportRunbook',
  setTicket: 'entraConnect.setTicket',
  openServersFile: 'entraConnect.openServersFile',
  newServersFile: 'entraConnect.newServersFile',
  forgetPassword: 'entraConnect.forgetPassword',
  forgetAllPasswords: 'entraConnect.forgetAllPasswords',
  forgetIdentity: 'entraConnect.forgetIdentity',
  addServer: 'entraConnect.addServer',
  openMyServersFile: 'entraConnect.openMyServersFile',
  moveSecret: 'entraConnect.moveSecret',
  copy: 'entraConnect.copy',
  showLog: 'entraConnect.showLog',
  showEvents: 'entraConnect.showEvents',
  showEvidence: 'entraConnect.showEvidence',
  showRunEvents: 'entraConnect.showRunEvents',
  showStepEvents: 'entraConnect.showStepEvents',
  showEventsSincePassword: 'entraConnect.showEventsSincePassword',
  saveSupportPackage: 'entraConnect.saveSupportPackage',
} as const;

/** Id of the servers file as a language. */
export const serversLanguage = 'entra-connect-servers';

/** The command of one step. */
export function stepCommand(step: StepId): string {
  return `entraConnect.step.${step}`;
}

/** The command of one plan. */
export function planCommand(plan: PlanId): string {
  return `entraConnect.plan.${plan}`;
}

/** Plans that a person can start; `manual` has nothing to run. */
export const runnablePlans: readonly PlanId[] = planIds.filter((id) => id !== 'manual');

/** Every command id that the manifest has to declare. */
export function allCommands(): string[] {
  return [...Object.values(commands), ...stepIds.map(stepCommand), ...runnablePlans.map(planCommand)];
}

/** View and container ids. */
export const views = { container: 'entraConnect', servers: 'entraConnect.servers' } as const;

/** Webview panels and custom editors that show events. */
export const eventViews = { log: 'entraConnect.events', file: 'entraConnect.eventsFile' } as const;

/** Context keys that `when` clauses read. */
export const contextKeys = {
  /** `loading`, `none`, `empty` or `ready`: what is known of servers files. */
  files: 'entraConnect.files',
  /** A run waits for a person on some server. */
  waiting: 'entraConnect.waiting',
} as const;

/** Settings, without the prefix. */
export const settings = {
  section: 'entraConnect',
  localPowerShell: 'localPowerShell',
  connectTimeout: 'connectTimeout',
  revealTerminal: 'terminal.reveal',
} as const;

/** Scheme of the virtual documents that show transcripts and runs. */
export const documentScheme = 'entra-connect';

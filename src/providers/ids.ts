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
  exportDiagnostics: 'entraConnect.exportDiagnostics',
  /** Id of the terminal profile, too. */
  prompt: 'entraConnect.prompt',
  promptOff: 'entraConnect.promptOff',
  saveSupportPackage: 'entraConnect.saveSupportPackage',
  openPracticeLab: 'entraConnect.openPracticeLab',
  closePracticeLab: 'entraConnect.closePracticeLab',
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
  /** `none`, `empty`, `broken` or `ready`: what is known of servers files; unset until they were read. */
  files: 'entraConnect.files',
  /** A run waits for a person on some server. */
  waiting: 'entraConnect.waiting',
  /** Some server was diagnosed in this window. */
  diagnosed: 'entraConnect.diagnosed',
} as const;

/** Settings, without the prefix. */
export const settings = {
  section: 'entraConnect',
  localPowerShell: 'localPowerShell',
  connectTimeout: 'connectTimeout',
  revealTerminal: 'terminal.reveal',
  adDsEntry: 'adDsEntry',
  modelTools: 'languageModelTools.enabled',
} as const;

/** Tools that language models may call, once the setting lets them. */
export const modelTools = { listServers: 'entraConnect_listServers', lastFindings: 'entraConnect_lastFindings', explain: 'entraConnect_explain' } as const;

/** Type of the tasks that diagnose a server. */
export const taskType = 'entra-connect';

/** Scheme of the virtual documents that show transcripts and runs. */
export const documentScheme = 'entra-connect';

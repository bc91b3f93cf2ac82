import type { PlanId, StepId } from '../../connect/ids.ts';

/** Why a command needs a second look. */
export type DangerId = 'encryption-key' | 'service' | 'service-account' | 'service-process' | 'scheduler' | 'connector-account' | 'entra-account' | 'synchronization' | 'own-records' | 'files' | 'database' | 'reboot' | 'account-password' | 'installer' | 'secret' | 'cannot-tell';

/** A command as rules see it. */
export interface SeenCommand {
  /** Full name, lower case; empty for an expression. */
  readonly name: string;
  /** Name, words, and those of the commands that it takes its input from, lower case. */
  readonly said: string;
  /** Its own words alone, lower case. */
  readonly own: string;
  /** A word, or what is piped in, is only known on the server. */
  readonly open: boolean;
}

/** One rule: which commands, and which part of what they say makes them dangerous. */
export interface DangerRule {
  readonly danger: DangerId;
  /** Of the full name; an expression has the empty one. */
  readonly name: RegExp;
  /** In all that is said, or in its own words; neither: the name is enough. */
  readonly said?: RegExp;
  readonly own?: RegExp;
  /** What is only known on the server counts as dangerous. */
  readonly orOpen?: boolean;
  /** A word with wildcards that fits one of these says it. */
  readonly fits?: readonly string[];
}

/** The service by its key name and its display names. */
const service = /(?:^|[\s'"=\\/:,;(])adsync(?:$|[\s'";,.)\]])|azure ad sync|entra id sync/;
const serviceNames = ['adsync', 'microsoft azure ad sync', 'microsoft entra id sync'];
const serviceRegistry = /\\services\\adsync|\\software\\microsoft\\(?:ad ?sync|azure ad connect|microsoft online services)/;
const folders = /azure ad sync|azure ad connect|aadconnect|adsync\d*\.(?:mdf|ldf)|adsync_log|\\adsync\b/;
const changesItems = /^(?:remove|set|clear|move|rename|new)-item(?:property)?$|^(?:set|add|clear)-content$|^(?:set-acl|icacls|takeown|cacls|attrib|robocopy|copy-item|out-file|reg)$/;

/**
 * What would do to the service, its account, its key or its data what a step does with its checks, or what the rules of a repair forbid
 * at the wrong moment. A data table: one line for each way.
 */
export const dangerRules: readonly DangerRule[] = [
  { danger: 'encryption-key', name: /^(?:miiskmu|abandon)$/ },
  // The task that a run makes acts as soon as anybody starts it.
  { danger: 'encryption-key', name: /^(?:start-scheduledtask|schtasks|powershell)$/, said: /entraconnectremediation/ },
  { danger: 'encryption-key', name: /^(?:invoke-item|start-process)$/, fits: ['miiskmu'] },
  { danger: 'encryption-key', name: /^(?!(?:get-help|get-command|get-alias|get-process|get-item|get-childitem|get-content|test-path|dir|ls|gci|write-output|write-host|select-string|where-object)$)/, said: /miiskmu/ },
  { danger: 'service', name: /^(?:stop|start|restart|suspend|resume|remove|new)-service$/, said: service, fits: serviceNames, orOpen: true },
  { danger: 'service', name: /^foreach-object$/, own: /^(?:-m\w*[ :])?(?:stop|start|pause|continue|executecommand|(?:stop|start|pause)service)(?: |$)/ },
  { danger: 'service-account', name: /^set-service$/, said: service, fits: serviceNames, orOpen: true },
  { danger: 'service-account', name: /^sc$/, said: /\b(?:config|failure|sdset|privs|sidtype)\b.*adsync/ },
  { danger: 'service', name: /^sc$/, said: /\b(?:start|stop|delete|pause|continue|control)\b.*adsync/ },
  { danger: 'service', name: /^net$/, said: /\b(?:start|stop|pause|continue)\s.*(?:adsync|azure ad sync|entra id sync)/ },
  { danger: 'service', name: /^psservice$/, said: /adsync/ },
  { danger: 'service-account', name: /^(?:invoke-cimmethod|invoke-wmimethod|set-ciminstance|set-wmiinstance|remove-ciminstance|remove-wmiobject|wmic)$/, said: /win32_(?:base)?service|\bservice\b/, orOpen: true },
  { danger: 'service-process', name: /^(?:stop-process|taskkill|pskill|tskill|wmic)$/, said: /miiserver|adsync|(?:^|[\s:])\d+(?:\s|$)/, fits: ['miiserver'], orOpen: true },
  { danger: 'service-process', name: /^(?:invoke-cimmethod|invoke-wmimethod|remove-ciminstance|remove-wmiobject)$/, said: /win32_process/ },
  { danger: 'service-process', name: /^foreach-object$/, own: /^(?:-m\w*[ :])?(?:kill|terminate)(?: |$)/ },
  { danger: 'scheduler', name: /^set-adsyncscheduler/ },
  { danger: 'connector-account', name: /^(?:add|set|remove|update|reset)-adsync(?:addsconnectoraccount|connector\w*password|connectoraccount)/ },
  { danger: 'entra-account', name: /^(?:add|set|remove|update|reset|register|invoke)-adsync(?:aad\w*account|aadserviceaccount|entraconnector\w*|application\w*|applicationcertificate\w*)/ },
  { danger: 'synchronization', name: /^(?!(?:get|test|show|export|search|select|trace|confirm|measure|compare)-)[a-z]+-(?:adsync|aadconnect|mim|aadsync)\w*/ },
  { danger: 'own-records', name: changesItems, said: /entraconnectremediation/ },
  { danger: 'service-account', name: changesItems, said: serviceRegistry },
  { danger: 'files', name: changesItems, said: folders },
  { danger: 'database', name: /^(?:sqlcmd|osql|invoke-sqlcmd|sqllocaldb|bcp)$/ },
  { danger: 'reboot', name: /^(?:restart-computer|stop-computer|shutdown|psshutdown|logoff)$/ },
  { danger: 'account-password', name: /^(?:set-adaccountpassword|set-localuser|reset-adserviceaccountpassword|set-adserviceaccount|dsmod)$/ },
  { danger: 'account-password', name: /^net$/, said: /\buser\s+\S+\s+\S+/ },
  { danger: 'installer', name: /^(?:azureadconnect|msiexec|miisclient|uninstall-package|uninstall-windowsfeature|remove-windowsfeature)$/ },
  { danger: 'installer', name: /^start-process$/, said: /azureadconnect|msiexec/ },
  // What a new name stands for is not looked for where it is used.
  { danger: 'cannot-tell', name: /^(?:set|new|import)-alias$|^(?:invoke-history|ihy|r)$/ },
  { danger: 'cannot-tell', name: /^(?:set|new|copy|rename)-item$/, own: /\balias:/ },
];

/** Ways that are no command: methods of objects and of types, in the text of the whole script, lower case and without backticks. */
export const methodRules: readonly { readonly danger: DangerId; readonly text: RegExp }[] = [
  { danger: 'service', text: /\.\s*(?:stop|start|(?:stop|start|pause)service|service(?:stop|start)|executecommand)\s*(?:\.\s*invoke\s*)?\(/ },
  { danger: 'service-account', text: /\.\s*(?:change|changestartmode)\s*(?:\.\s*invoke\s*)?\(/ },
  { danger: 'service-process', text: /\.\s*(?:kill|terminate)\s*(?:\.\s*invoke\s*)?\(/ },
  { danger: 'account-password', text: /\.\s*(?:set|change)password\s*(?:\.\s*invoke\s*)?\(/ },
  // A member whose name is put together.
  { danger: 'cannot-tell', text: /[\w)\]}]\.(?:\(|\$\w+\s*\(|"[^"]*\$)|\.\s*(?:psobject\s*\.\s*(?:methods|members)|invokemember|invokemethod)\b|\$\{?alias:[^=\n]{0,80}=/ },
  { danger: 'cannot-tell', text: /\[(?:system\.management\.automation\.)?scriptblock\]\s*::\s*create|\.\s*invokescript|\.\s*invokecommand\b|\[(?:system\.management\.automation\.)?powershell\]\s*::\s*create|\.\s*addscript|\[(?:system\.)?(?:diagnostics\.process|activator|type)\]\s*::|::\s*loadfile|add-type\b/ },
];

/** What does a danger's work with its checks; absent: nothing of ours does, and a person decides. */
export const remedies: Readonly<Partial<Record<DangerId, { readonly kind: 'plan'; readonly plan: PlanId } | { readonly kind: 'step'; readonly step: StepId }>>> = {
  'encryption-key': { kind: 'plan', plan: 'full-abandonment' },
  'service': { kind: 'step', step: 'restart-service' },
  'service-account': { kind: 'plan', plan: 'service-password' },
  'service-process': { kind: 'step', step: 'stop-service' },
  'scheduler': { kind: 'step', step: 'pause-scheduler' },
  'connector-account': { kind: 'plan', plan: 'connector-password' },
  'entra-account': { kind: 'plan', plan: 'entra-reinitialize' },
  'synchronization': { kind: 'step', step: 'verify' },
  'database': { kind: 'step', step: 'back-up-database' },
  'account-password': { kind: 'plan', plan: 'planned-change' },
};

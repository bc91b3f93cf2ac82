import type { PipedCommand, PSObject, PSValue } from '../../session.ts';
import { psObject, psTyped } from '../clixml/values.ts';

/**
 * The protocol version that this side declares, always: 2.3 is Windows PowerShell 5.1's, and a peer that speaks 2.4
 * would otherwise send secure strings as plain base64, whatever the channel.
 */
export const protocolVersion = '2.3';

/** An enum on the wire: type names, its text, its number. */
export function psEnum(type: string, text: string, value: number): PSObject {
  return psObject([type, 'System.Enum', 'System.ValueType', 'System.Object'], {}, { text: text, value });
}

/** SESSION_CAPABILITY (MS-PSRP 2.2.2.1). Other values of the last two fail the negotiation. */
export function sessionCapability(): PSObject {
  return psObject([], { protocolversion: psTyped('Version', protocolVersion), PSVersion: psTyped('Version', '2.0'), SerializationVersion: psTyped('Version', '1.1.0.1') });
}

/** HostInfo (MS-PSRP 2.2.3.14): a host with lines, prompts and progress, but without a screen to move a cursor on. */
export function hostInfo(): PSObject {
  return psObject([], { _isHostNull: false, _isHostUINull: false, _isHostRawUINull: true, _useRunspaceHost: false });
}

/** INIT_RUNSPACEPOOL (MS-PSRP 2.2.2.2) for one runspace. */
export function initRunspacePool(): PSObject {
  return psObject([], {
    MinRunspaces: 1,
    MaxRunspaces: 1,
    PSThreadOptions: psEnum('System.Management.Automation.Runspaces.PSThreadOptions', 'Default', 0),
    ApartmentState: psEnum('System.Threading.ApartmentState', 'Unknown', 2),
    HostInfo: hostInfo(),
    ApplicationArguments: null,
  });
}

/** CONNECT_RUNSPACEPOOL (MS-PSRP 2.2.2.29) for one runspace. */
export function connectRunspacePool(): PSObject {
  return psObject([], { MinRunspaces: 1, MaxRunspaces: 1 });
}

/** What CREATE_PIPELINE needs to know of a script. */
export interface PipelineCommand {
  readonly script: string;
  readonly parameters: Readonly<Record<string, PSValue>>;
  readonly noInput: boolean;
  /** True: variables and functions end with the script. False: it runs in the runspace's own scope. */
  readonly localScope: boolean;
  /** What takes the script's output. */
  readonly pipedTo?: PipedCommand | undefined;
}

const mergeNone = psEnum('System.Management.Automation.Runspaces.PipelineResultTypes', 'None', 0);
/** Error records keep the position in the script; the other streams would only grow by it. */
const errorInvocationInfo = psEnum('System.Management.Automation.RemoteStreamOptions', 'AddInvocationInfoToErrorRecord', 1);

/** CREATE_PIPELINE (MS-PSRP 2.2.2.10): one script with named parameters and what its output is piped to, nothing merged. */
export function createPipeline(command: PipelineCommand): PSObject {
  const { pipedTo } = command;
  const cmds = [pipelineCommand(command.script, true, command.localScope, command.parameters)];
  if (pipedTo !== undefined) cmds.push(pipelineCommand(pipedTo.command, false, null, pipedTo.parameters));
  return psObject([], {
    NoInput: command.noInput,
    ApartmentState: psEnum('System.Threading.ApartmentState', 'Unknown', 2),
    RemoteStreamOptions: errorInvocationInfo,
    AddToHistory: false,
    HostInfo: psObject([], { _isHostNull: true, _isHostUINull: true, _isHostRawUINull: true, _useRunspaceHost: true }),
    PowerShell: psObject([], { IsNested: false, RedirectShellErrorOutputPipe: true, Cmds: cmds, History: null }),
    IsNested: false,
  });
}

/** One command of a pipeline (MS-PSRP 2.2.3.12). */
function pipelineCommand(text: string, isScript: boolean, localScope: boolean | null, parameters: Readonly<Record<string, PSValue>>): PSObject {
  return psObject([], {
    Cmd: text,
    IsScript: isScript,
    UseLocalScope: localScope,
    MergeMyResult: mergeNone,
    MergeToResult: mergeNone,
    MergePreviousResults: mergeNone,
    MergeError: mergeNone,
    MergeWarning: mergeNone,
    MergeVerbose: mergeNone,
    MergeDebug: mergeNone,
    MergeInformation: mergeNone,
    Args: Object.entries(parameters).map(([name, value]) => psObject([], { N: name, V: value })),
  });
}

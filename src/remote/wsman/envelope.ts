import { newGuid } from '../psrp/guid.ts';
import { actions, namespaces, resources } from './names.ts';
import { escapeXml } from './xml.ts';

/** What every request of one shell says in its header. */
export interface EnvelopeSettings {
  /** The whole URL. */
  readonly to: string;
  /** One for a shell's life: Reconnect only works under the same one (MS-WSMV 3.1.4.16). Lower case. */
  readonly sessionId: string;
  /** Largest answer that is taken, in bytes. */
  readonly maxEnvelopeSize: number;
}

/** Names one thing on the server (WS-Management 5.1.2.2). */
export interface Selector {
  readonly name: string;
  readonly value: string;
}

/** A request, ready to be sent, and the id that its answer has to relate to. */
export interface Envelope {
  readonly action: string;
  readonly messageId: string;
  readonly xml: string;
}

interface Parts {
  readonly action: string;
  readonly resource: string;
  readonly selectors?: readonly Selector[];
  readonly options?: string;
  readonly body: string;
  /** Seconds that the server may take. */
  readonly timeout: number;
}

/** How long an ordinary request may take on the server, and how long a Receive waits there for output, in seconds. */
export const operationTimeout = 60;
export const receiveTimeout = 20;

const anonymous = `${namespaces.addressing}/role/anonymous`;
/** The filter dialect of DSP0226 8.3. */
const selectorFilter = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter';
const declarations = `xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:w="${namespaces.wsman}" xmlns:p="${namespaces.microsoft}" xmlns:rsp="${namespaces.shell}"`;
/** The PSRP version that the shell speaks: the one of SESSION_CAPABILITY (MS-PSRP 3.1.5.3.1). */
const protocolOption = '<w:OptionSet s:mustUnderstand="true"><w:Option Name="protocolversion" MustComply="true">2.3</w:Option></w:OptionSet>';
/** Makes an empty Receive end after its time with a fault that is no failure (MS-WSMV 2.2.4.30). */
const keepAliveOption = '<w:OptionSet s:mustUnderstand="true"><w:Option Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">TRUE</w:Option></w:OptionSet>';

/** Opens a shell (MS-WSMV 3.1.4.5.2); the fragments that open the pool travel in it (MS-PSRP 3.1.5.3.1). */
export function createShell(settings: EnvelopeSettings, shell: string, fragments: Uint8Array): Envelope {
  const body = `<rsp:Shell ShellId="${wireGuid(shell)}"><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><creationXml xmlns="${namespaces.powershell}">${base64(fragments)}</creationXml></rsp:Shell>`;
  return envelope(settings, { action: actions.create, resource: resources.powershell, options: protocolOption, body, timeout: operationTimeout });
}

/** Starts a pipeline (MS-PSRP 3.1.5.3.3); its first fragments are the arguments. */
export function startCommand(settings: EnvelopeSettings, selectors: readonly Selector[], command: string, fragments: Uint8Array): Envelope {
  const body = `<rsp:CommandLine CommandId="${wireGuid(command)}"><rsp:Command></rsp:Command><rsp:Arguments>${base64(fragments)}</rsp:Arguments></rsp:CommandLine>`;
  return envelope(settings, { action: actions.command, resource: resources.powershell, selectors, body, timeout: operationTimeout });
}

/** Sends fragments on a stream of the pool, or of a command. */
export function send(settings: EnvelopeSettings, selectors: readonly Selector[], stream: 'stdin' | 'pr', command: string | undefined, fragments: Uint8Array): Envelope {
  const body = `<rsp:Send><rsp:Stream Name="${stream}"${commandId(command)}>${base64(fragments)}</rsp:Stream></rsp:Send>`;
  return envelope(settings, { action: actions.send, resource: resources.powershell, selectors, body, timeout: operationTimeout });
}

/** Waits for output of the pool, or of a command. */
export function receive(settings: EnvelopeSettings, selectors: readonly Selector[], command: string | undefined): Envelope {
  const body = `<rsp:Receive><rsp:DesiredStream${commandId(command)}>stdout</rsp:DesiredStream></rsp:Receive>`;
  return envelope(settings, { action: actions.receive, resource: resources.powershell, selectors, options: keepAliveOption, body, timeout: receiveTimeout });
}

/** Signals a command; the codes are in `signals`. */
export function signal(settings: EnvelopeSettings, selectors: readonly Selector[], command: string, code: string): Envelope {
  const body = `<rsp:Signal${commandId(command)}><rsp:Code>${escapeXml(code)}</rsp:Code></rsp:Signal>`;
  return envelope(settings, { action: actions.signal, resource: resources.powershell, selectors, body, timeout: operationTimeout });
}

/** Ends a shell and everything in it. */
export function deleteShell(settings: EnvelopeSettings, selectors: readonly Selector[]): Envelope {
  return envelope(settings, { action: actions.delete, resource: resources.powershell, selectors, body: '', timeout: operationTimeout });
}

/** Leaves a shell running on the server (MS-WSMV 3.1.4.13): output beyond its buffer makes the command wait. */
export function disconnect(settings: EnvelopeSettings, selectors: readonly Selector[], idleSeconds: number): Envelope {
  const body = `<rsp:Disconnect><rsp:IdleTimeOut>PT${idleSeconds}S</rsp:IdleTimeOut><rsp:BufferMode>Block</rsp:BufferMode></rsp:Disconnect>`;
  return envelope(settings, { action: actions.disconnect, resource: resources.powershell, selectors, body, timeout: operationTimeout });
}

/** Takes up a shell that this client disconnected, or one command of it, under the same session id (MS-WSMV 3.1.4.14). */
export function reconnect(settings: EnvelopeSettings, selectors: readonly Selector[], command: string | undefined): Envelope {
  const body = command === undefined ? '' : `<rsp:Reconnect${commandId(command)}></rsp:Reconnect>`;
  return envelope(settings, { action: actions.reconnect, resource: resources.powershell, selectors, body, timeout: operationTimeout });
}

/** Takes up a shell that another client disconnected (MS-WSMV 3.1.4.15); negotiation and connecting have to fit in. */
export function connectShell(settings: EnvelopeSettings, selectors: readonly Selector[], fragments: Uint8Array): Envelope {
  const body = `<rsp:Connect><connectXml xmlns="${namespaces.powershell}">${base64(fragments)}</connectXml></rsp:Connect>`;
  return envelope(settings, { action: actions.connect, resource: resources.powershell, selectors, options: protocolOption, body, timeout: operationTimeout });
}

/** Takes up a command of a shell that was taken up before. */
export function connectCommand(settings: EnvelopeSettings, selectors: readonly Selector[], command: string): Envelope {
  const body = `<rsp:Connect${commandId(command)}></rsp:Connect>`;
  return envelope(settings, { action: actions.connect, resource: resources.powershell, selectors, body, timeout: operationTimeout });
}

/** Lists shells, or with a shell's id the commands in it (MS-WSMV 3.1.4.7). */
export function enumerate(settings: EnvelopeSettings, shell: string | undefined): Envelope {
  const filter = shell === undefined ? '' : `<w:Filter Dialect="${selectorFilter}">${selectorSet([{ name: 'ShellId', value: wireGuid(shell) }])}</w:Filter>`;
  const body = `<n:Enumerate xmlns:n="${namespaces.enumeration}"><w:OptimizeEnumeration></w:OptimizeEnumeration><w:MaxElements>1000</w:MaxElements>${filter}</n:Enumerate>`;
  return envelope(settings, { action: actions.enumerate, resource: shell === undefined ? resources.shells : resources.commands, body, timeout: operationTimeout });
}

/** Goes on with a list. */
export function pull(settings: EnvelopeSettings, resource: string, context: string): Envelope {
  const body = `<n:Pull xmlns:n="${namespaces.enumeration}"><n:EnumerationContext>${escapeXml(context)}</n:EnumerationContext><n:MaxElements>1000</n:MaxElements></n:Pull>`;
  return envelope(settings, { action: actions.pull, resource, body, timeout: operationTimeout });
}

/** GUIDs go over the wire in upper case: servers compare them as text. */
export function wireGuid(guid: string): string {
  return guid.toUpperCase();
}

/**
 * The same operation once more, after its answer was lost: a server that keeps answers by operation then repeats the
 * answer instead of working the request off a second time (MS-WSMV 3.1.4.1.39).
 */
export function again(envelope: Envelope): Envelope {
  return { ...envelope, xml: envelope.xml.replace('<p:OperationID s:mustUnderstand="false">', '<p:OperationID s:mustUnderstand="true">') };
}

function envelope(settings: EnvelopeSettings, parts: Parts): Envelope {
  const messageId = `uuid:${wireGuid(newGuid())}`;
  const { action, resource, selectors = [], options = '', body, timeout } = parts;
  const xml = `<s:Envelope ${declarations}><s:Header><a:To>${escapeXml(settings.to)}</a:To>`
    + `<a:ReplyTo><a:Address s:mustUnderstand="true">${anonymous}</a:Address></a:ReplyTo>`
    + `<a:Action s:mustUnderstand="true">${action}</a:Action><a:MessageID>${messageId}</a:MessageID>`
    + `<w:ResourceURI s:mustUnderstand="true">${resource}</w:ResourceURI>`
    + `<w:MaxEnvelopeSize s:mustUnderstand="true">${settings.maxEnvelopeSize}</w:MaxEnvelopeSize>`
    + `<w:OperationTimeout>PT${timeout}S</w:OperationTimeout>`
    + '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>'
    + `<p:SessionId s:mustUnderstand="false">uuid:${wireGuid(settings.sessionId)}</p:SessionId>`
    + `<p:OperationID s:mustUnderstand="false">uuid:${wireGuid(newGuid())}</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId>`
    + `${selectorSet(selectors)}${options}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  return { action, messageId, xml };
}

function selectorSet(selectors: readonly Selector[]): string {
  if (selectors.length === 0) return '';
  const each = selectors.map(({ name, value }) => `<w:Selector Name="${escapeXml(name)}">${escapeXml(value)}</w:Selector>`);
  return `<w:SelectorSet>${each.join('')}</w:SelectorSet>`;
}

function commandId(command: string | undefined): string {
  return command === undefined ? '' : ` CommandId="${wireGuid(command)}"`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

import { randomUUID } from 'node:crypto';

/** A PSRP message as the listener's tests look at it. */
export interface RawMessage {
  readonly objectId: bigint;
  readonly type: number;
  readonly text: string;
}

export const messageType = { capability: 0x10002, privateData: 0x21009, poolState: 0x21005, poolInitData: 0x2100b, output: 0x41004, pipelineState: 0x41006 } as const;

const nil = '00000000-0000-0000-0000-000000000000';
const hostInfo = '<MS><B N="_isHostNull">true</B><B N="_isHostUINull">true</B><B N="_isHostRawUINull">true</B><B N="_useRunspaceHost">true</B></MS>';
const capability = '<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version><Version N="PSVersion">2.0</Version><Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>';

export function newId(): string {
  return randomUUID().toUpperCase();
}

/** SESSION_CAPABILITY and INIT_RUNSPACEPOOL of a new pool, as Base64 for creationXml. */
export function poolOpening(pool: string): string {
  return Buffer.concat([
    fragment(1n, message(0x10002, pool, nil, capability)),
    fragment(2n, message(0x10004, pool, nil, `<Obj RefId="0"><MS><I32 N="MinRunspaces">1</I32><I32 N="MaxRunspaces">1</I32><Obj N="PSThreadOptions" RefId="1"><TN RefId="0"><T>System.Management.Automation.Runspaces.PSThreadOptions</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>Default</ToString><I32>0</I32></Obj><Obj N="ApartmentState" RefId="2"><TN RefId="1"><T>System.Threading.ApartmentState</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>UNKNOWN</ToString><I32>2</I32></Obj><Obj N="HostInfo" RefId="3">${hostInfo}</Obj><Nil N="ApplicationArguments" /></MS></Obj>`)),
  ]).toString('base64');
}

/** SESSION_CAPABILITY and CONNECT_RUNSPACEPOOL, as Base64 for connectXml. */
export function poolConnecting(pool: string): string {
  return Buffer.concat([fragment(1n, message(0x10002, pool, nil, capability)), fragment(2n, message(0x10008, pool, nil, '<S />'))]).toString('base64');
}

/** CREATE_PIPELINE of a script without input, as Base64 for Arguments. */
export function pipeline(pool: string, id: string, script: string): string {
  const escaped = script.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const none = (name: string, reference: number): string => `<Obj N="${name}" RefId="${reference}"><TNRef RefId="3" /><ToString>None</ToString><I32>0</I32></Obj>`;
  return fragment(3n, message(0x21006, pool, id, '<Obj RefId="0"><MS><B N="NoInput">true</B>'
    + '<Obj N="ApartmentState" RefId="1"><TN RefId="0"><T>System.Threading.ApartmentState</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>UNKNOWN</ToString><I32>2</I32></Obj>'
    + '<Obj N="RemoteStreamOptions" RefId="2"><TN RefId="1"><T>System.Management.Automation.Runspaces.RemoteStreamOptions</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>0</ToString><I32>0</I32></Obj>'
    + `<B N="AddToHistory">false</B><Obj N="HostInfo" RefId="3">${hostInfo}</Obj>`
    + '<Obj N="PowerShell" RefId="4"><MS><B N="IsNested">false</B><Nil N="ExtraCmds" /><Obj N="Cmds" RefId="5"><TN RefId="2"><T>System.Collections.Generic.List`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=1.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]</T><T>System.Object</T></TN><LST>'
    + `<Obj RefId="6"><MS><S N="Cmd">${escaped}</S><B N="IsScript">true</B><Nil N="UseLocalScope" />`
    + '<Obj N="MergeMyResult" RefId="7"><TN RefId="3"><T>System.Management.Automation.Runspaces.PipelineResultTypes</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>None</ToString><I32>0</I32></Obj>'
    + `${none('MergeToResult', 8)}${none('MergePreviousResults', 9)}<Obj N="Args" RefId="10"><TNRef RefId="2" /><LST /></Obj>`
    + `${none('MergeError', 11)}${none('MergeWarning', 12)}${none('MergeVerbose', 13)}${none('MergeDebug', 14)}${none('MergeInformation', 15)}`
    + '</MS></Obj></LST></Obj><Nil N="History" /><B N="RedirectShellErrorOutputPipe">false</B></MS></Obj><B N="IsNested">false</B></MS></Obj>')).toString('base64');
}

/** Puts messages together from a stream's bytes; what is not whole yet is left out. */
export function messagesIn(bytes: Buffer): RawMessage[] {
  const open = new Map<bigint, Buffer[]>();
  const messages: RawMessage[] = [];
  for (let at = 0; at + 21 <= bytes.length;) {
    const objectId = bytes.readBigUInt64BE(at);
    const flags = bytes.readUInt8(at + 16);
    const length = bytes.readUInt32BE(at + 17);
    if (at + 21 + length > bytes.length) break;
    const parts = (flags & 1) === 1 ? [] : (open.get(objectId) ?? []);
    parts.push(bytes.subarray(at + 21, at + 21 + length));
    open.set(objectId, parts);
    if ((flags & 2) === 2) {
      const whole = Buffer.concat(parts);
      messages.push({ objectId, type: whole.readUInt32LE(4), text: whole.subarray(40).toString('utf8').replace(/^\uFEFF/, '') });
      open.delete(objectId);
    }
    at += 21 + length;
  }
  return messages;
}

function message(type: number, pool: string, id: string, text: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(2, 0);
  head.writeUInt32LE(type, 4);
  return Buffer.concat([head, guid(pool), guid(id), Buffer.from(text)]);
}

function fragment(objectId: bigint, blob: Buffer): Buffer {
  const head = Buffer.alloc(21);
  head.writeBigUInt64BE(objectId, 0);
  head.writeUInt8(3, 16);
  head.writeUInt32BE(blob.length, 17);
  return Buffer.concat([head, blob]);
}

/** A GUID's bytes as .NET lays them out. */
function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return Buffer.concat([bytes.subarray(0, 4).reverse(), bytes.subarray(4, 6).reverse(), bytes.subarray(6, 8).reverse(), bytes.subarray(8)]);
}

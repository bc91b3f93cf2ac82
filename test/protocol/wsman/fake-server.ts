import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { AuthContext, MessageSealing } from '../../../src/remote/auth/context.ts';
import { psTyped } from '../../../src/remote/clixml/values.ts';
import { zeroGuid } from '../../../src/remote/psrp/guid.ts';
import { MessageType } from '../../../src/remote/psrp/message.ts';
import type { ReceivedMessage } from '../../../src/remote/psrp/server.ts';
import { PsrpServer } from '../../../src/remote/psrp/server.ts';
import { readSealed, sealedType, writeSealed } from '../../../src/remote/wsman/framing.ts';
import type { XmlElement } from '../../../src/remote/wsman/xml.ts';
import { childOf, parseXml, under } from '../../../src/remote/wsman/xml.ts';
import type { PSValue } from '../../../src/session.ts';
import { scriptOf } from '../peer.ts';

/** What a test's server does with one request instead of the ordinary thing. */
export type Mischief =
  | { readonly kind: 'cut' | 'stall' }
  /** Sends only the first bytes of its answer, then closes. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  | { readonly kind: 'raw'; readonly bytes: string }
  | { readonly kind: 'answer'; readonly status: number; readonly type?: string; readonly body: string }
  | { readonly kind: 'fault'; readonly code: number; readonly subcode?: string; readonly text?: string };

/** One SOAP request as the server understood it. */
export interface SoapRequest {
  /** The last part of the action: `Create`, `Receive`. */
  readonly verb: string;
  readonly envelope: XmlElement;
  readonly messageId: string;
  /** Upper case; undefined for the pool. */
  readonly command: string | undefined;
}

export interface FakeOptions {
  readonly tls?: ServerOptions;
  /** Which request is treated how; undefined is the ordinary way. */
  readonly mischief?: (request: SoapRequest, count: number) => Mischief | undefined;
  /** What CREATE_PIPELINE leads to; the default puts out `hi` and completes. */
  readonly onScript?: (message: ReceivedMessage, server: FakeServer) => void;
  /** The edition that APPLICATION_PRIVATE_DATA tells; undefined: it tells nothing. Default `Desktop`. */
  readonly edition?: string | undefined;
  /** What Create's answer says of the shell's idle time, as a duration. */
  readonly idle?: string;
}

const token = 'Negotiate';

/** Stands in for a sealing mechanism: every message has a number, and its bytes are turned over. */
export class TurningSeal implements MessageSealing {
  readonly protocol = 'application/HTTP-SPNEGO-session-encrypted';
  #sent = 0;
  #received = 0;

  seal(plain: Uint8Array): { header: Uint8Array; data: Uint8Array; padding: number } {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(this.#sent++);
    return { header, data: turned(plain), padding: 0 };
  }

  unseal(header: Uint8Array, data: Uint8Array): Uint8Array {
    const number = Buffer.from(header).readUInt32LE();
    if (number !== this.#received++) throw new Error(`message ${number} came instead of ${this.#received - 1}`);
    return turned(data);
  }
}

/** The authentication that belongs to it: two tokens, like NTLM's. */
export function twoStepContext(scheme: 'http' | 'https'): AuthContext {
  let step = 0;
  const seal = new TurningSeal();
  return {
    name: 'two steps', servicePrincipal: undefined, perRequest: false,
    get complete() { return step > 2; },
    get sealing() { return step > 2 && scheme === 'http' ? seal : undefined; },
    step: () => Promise.resolve(++step > 2 ? undefined : `${token} step${step}`),
    dispose: () => undefined,
  };
}

interface ConnectionState {
  step: number;
  readonly seal: TurningSeal;
}

interface Stream {
  pieces: Buffer[];
  done: boolean;
  waiting: (() => void) | undefined;
}

/** A WSMan server in the test's own process, with MS-PSRP's server half behind it. */
export class FakeServer implements AsyncDisposable {
  /** HTTP requests so far, those of the authentication included. */
  requests = 0;
  connections = 0;
  /** Requests whose body came in the clear over http. */
  unsealed = 0;
  readonly soap: SoapRequest[] = [];
  readonly psrp: PsrpServer;
  shellId = '';
  readonly #options: FakeOptions;
  readonly #server: Server;
  readonly #states = new WeakMap<Socket, ConnectionState>();
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Map<string, Stream>();
  readonly #scheme: 'http' | 'https';

  private constructor(options: FakeOptions) {
    this.#options = options;
    const edition = 'edition' in options ? options.edition : 'Desktop';
    const table = new Map<PSValue, PSValue>([['PSVersion', psTyped('Version', '5.1.17763.1')], ['PSEdition', edition ?? null]]);
    this.psrp = new PsrpServer(edition === undefined ? null : new Map<PSValue, PSValue>([['PSVersionTable', table]]));
    this.#scheme = options.tls === undefined ? 'http' : 'https';
    const handle = (request: IncomingMessage, response: ServerResponse): void => { void this.#handle(request, response); };
    this.#server = options.tls === undefined ? createServer(handle) : createSecureServer(options.tls, handle);
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => { this.#sockets.delete(socket); });
    });
  }

  static async start(options: FakeOptions = {}): Promise<FakeServer> {
    const fake = new FakeServer(options);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get verbs(): string[] {
    return this.soap.map(({ verb }) => verb);
  }

  /** Hands what the server half has queued to whoever waits for it. */
  flush(): void {
    for (let out = this.psrp.dataToSend(100_000); out !== undefined; out = this.psrp.dataToSend(100_000)) {
      this.#stream(out.pipeline ?? '').pieces.push(Buffer.from(out.bytes));
    }
    for (const stream of this.#streams.values()) if (stream.pieces.length > 0) stream.waiting?.();
  }

  /** The command is over: its next answer says so. */
  finish(pipeline: string, state = 4): void {
    this.psrp.sendState(pipeline, state);
    this.#stream(pipeline).done = true;
    this.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(parts);
    const state = this.#stateOf(request.socket);
    const said = request.headers.authorization ?? '';
    const perRequest = said.startsWith('Basic ') || said.startsWith('http:');
    if (!perRequest && said.startsWith(token)) state.step = said.endsWith('step2') ? 2 : 1;
    if (!perRequest && state.step < 2) {
      response.writeHead(401, { 'WWW-Authenticate': state.step === 0 ? token : `${token} challenge` }).end();
      return;
    }
    if (body.length === 0) {
      response.writeHead(200).end();
      return;
    }
    let plain = body;
    if (this.#scheme === 'http') {
      if (!(request.headers['content-type'] ?? '').startsWith('multipart/encrypted')) this.unsealed++;
      plain = Buffer.concat(readSealed(body).map((part) => Buffer.from(state.seal.unseal(part.header, part.data))));
    }
    await this.#soap(plain.toString('utf8'), request.socket, response);
  }

  async #soap(text: string, socket: Socket, response: ServerResponse): Promise<void> {
    const envelope = parseXml(text);
    const header = childOf(envelope, 'Header');
    const action = childOf(header, 'Action')?.text ?? '';
    const inner = childOf(envelope, 'Body')?.children[0];
    const command = inner?.attributes.get('CommandId') ?? inner?.children[0]?.attributes.get('CommandId');
    const soap: SoapRequest = { verb: action.slice(action.lastIndexOf('/') + 1), envelope, messageId: childOf(header, 'MessageID')?.text ?? '', command };
    this.soap.push(soap);
    const mischief = this.#options.mischief?.(soap, this.soap.length);
    switch (mischief?.kind) {
      case 'cut': socket.destroy(); return;
      case 'stall': return;
      case 'truncate': socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 5000\r\n\r\n${'<'.padEnd(5000, 'a')}`.slice(0, mischief.bytes)); return;
      case 'raw': socket.end(mischief.bytes); return;
      case 'answer': response.writeHead(mischief.status, { 'Content-Type': mischief.type ?? 'application/soap+xml' }).end(mischief.body); return;
      case 'fault': this.#send(socket, response, 500, fault(soap.messageId, mischief.code, mischief.subcode ?? 'InternalError', mischief.text ?? 'The server said this.')); return;
      case undefined: break;
    }
    const answer = await this.#obey(soap, inner);
    if (answer !== undefined) this.#send(socket, response, 200, `<s:Envelope ${declarations}><s:Header><a:RelatesTo>${soap.messageId}</a:RelatesTo></s:Header><s:Body>${answer}</s:Body></s:Envelope>`);
    else this.#send(socket, response, 500, fault(soap.messageId, 2_150_858_793, 'TimedOut', 'Nothing came.'));
  }

  #send(socket: Socket, response: ServerResponse, status: number, text: string): void {
    if (socket.destroyed) return;
    if (this.#scheme === 'https') {
      response.writeHead(status, { 'Content-Type': 'application/soap+xml;charset=UTF-8' }).end(text);
      return;
    }
    const { seal } = this.#stateOf(socket);
    response.writeHead(status, { 'Content-Type': sealedType(seal.protocol) }).end(writeSealed(seal.protocol, Buffer.byteLength(text), seal.seal(Buffer.from(text))));
  }

  /** The ordinary answer's body; undefined where nothing came in time. */
  async #obey({ verb, command }: SoapRequest, inner: XmlElement | undefined): Promise<string | undefined> {
    switch (verb) {
      case 'Create':
        this.shellId = inner?.attributes.get('ShellId') ?? '';
        this.#take(childOf(inner, 'creationXml')?.text ?? '', zeroGuid);
        return `<x:ResourceCreated xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"><a:ReferenceParameters><w:SelectorSet><w:Selector Name="ShellId">${this.shellId}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>${this.#options.idle === undefined ? '' : `<rsp:Shell><rsp:IdleTimeOut>${this.#options.idle}</rsp:IdleTimeOut></rsp:Shell>`}`;
      case 'Command':
        this.#take(childOf(inner, 'Arguments')?.text ?? '', (command ?? '').toLowerCase());
        return `<rsp:CommandResponse><rsp:CommandId>${command ?? ''}</rsp:CommandId></rsp:CommandResponse>`;
      case 'Send':
        this.#take(under(inner, 'Stream')?.text ?? '', command?.toLowerCase() ?? zeroGuid);
        return '<rsp:SendResponse/>';
      case 'Receive': return await this.#receive(command?.toLowerCase() ?? '', command);
      case 'Signal':
        if (inner?.children[0]?.text === 'powershell/signal/crtl_c') this.finish((command ?? '').toLowerCase(), 3);
        return '<rsp:SignalResponse/>';
      default: return '';
    }
  }

  async #receive(key: string, command: string | undefined): Promise<string | undefined> {
    const stream = this.#stream(key);
    if (stream.pieces.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 2000);
        stream.waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      stream.waiting = undefined;
    }
    if (isEmpty(stream)) return undefined;
    const id = command === undefined ? '' : ` CommandId="${command}"`;
    // The state of the opened pool comes in an answer of its own, as from Windows.
    const taken = stream.pieces.splice(0, key === '' ? 1 : 4);
    const state = stream.done && stream.pieces.length === 0 ? `<rsp:CommandState${id} State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>` : '';
    return `<rsp:ReceiveResponse>${taken.map((bytes) => `<rsp:Stream Name="stdout"${id}>${bytes.toString('base64')}</rsp:Stream>`).join('')}${state}</rsp:ReceiveResponse>`;
  }

  #take(base64: string, stream: string): void {
    this.psrp.receive(Buffer.from(base64, 'base64'), stream);
    if (stream === zeroGuid && this.soap.length <= 1) this.#opened();
    for (let message = this.psrp.next(); message !== undefined; message = this.psrp.next()) {
      if (message.type !== MessageType.createPipeline) continue;
      if (this.#options.onScript !== undefined) {
        this.#options.onScript(message, this);
        continue;
      }
      const told = scriptOf(message).includes('PSVersionTable') ? ['5.1.17763.1', 'Desktop', 'CONNECT01'] : ['hi'];
      for (const text of told) this.psrp.send(MessageType.pipelineOutput, message.pipeline, text);
      this.finish(message.pipeline);
    }
    this.flush();
  }

  /** What a server says when its pool is open, in two answers as from Windows. */
  #opened(): void {
    const all: Uint8Array[] = [];
    for (let out = this.psrp.dataToSend(100_000); out !== undefined; out = this.psrp.dataToSend(100_000)) all.push(out.bytes);
    const bytes = Buffer.concat(all);
    this.#stream('').pieces.push(bytes.subarray(0, bytes.length - 10), bytes.subarray(bytes.length - 10));
  }

  #stream(key: string): Stream {
    let stream = this.#streams.get(key);
    if (stream === undefined) this.#streams.set(key, stream = { pieces: [], done: false, waiting: undefined });
    return stream;
  }

  #stateOf(socket: Socket): ConnectionState {
    let state = this.#states.get(socket);
    if (state === undefined) this.#states.set(socket, state = { step: 0, seal: new TurningSeal() });
    return state;
  }
}

const declarations = 'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell" xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"';

/** Asked anew: something may have come meanwhile. */
function isEmpty(stream: Stream): boolean {
  return stream.pieces.length === 0;
}

/** A SOAP fault as Windows words it. */
export function fault(relatesTo: string, code: number | undefined, subcode: string, text: string, provider = ''): string {
  const number = code === undefined ? '' : ` Code="${code}"`;
  return `<s:Envelope ${declarations}><s:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">The reason.</s:Text></s:Reason><s:Detail><f:WSManFault${number} Machine="x"><f:Message>${provider === '' ? text : `<f:ProviderFault provider="p" path="q">${provider}</f:ProviderFault>`}</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>`;
}

function turned(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xa5));
}

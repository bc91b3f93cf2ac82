import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request, Agent } from 'node:https';
import type { ListenerServer } from './test-listener.ts';

/** What an envelope's headers are made of; the defaults are those of an ordinary shell request. */
export interface SoapMessage {
  readonly action: string;
  readonly resource?: string;
  readonly shell?: string;
  readonly body?: string;
  readonly options?: string;
  readonly timeout?: string;
  readonly session?: string;
  readonly operation?: { readonly id: string; readonly again: boolean };
  readonly maxEnvelope?: number;
  /** More header elements, as XML. */
  readonly headers?: string;
}

/** What came back, as text; `code` is the WSManFault's. */
export interface SoapAnswer {
  readonly status: number;
  readonly text: string;
  readonly code: number | undefined;
  /** Values of the elements with this local name, in order. */
  all(name: string): string[];
  first(name: string): string;
  /** The streams' bytes put together. */
  streams(): Buffer;
}

export const powerShell = 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell';
export const cmd = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd';
const shellNamespace = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
const actions = {
  Create: 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Create',
  Delete: 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete',
  Get: 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Get',
  Enumerate: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate',
} as const;

/** Speaks SOAP to the listener over HTTPS with Basic authentication, in strings: it knows nothing of the product's client. */
export class SoapClient implements Disposable {
  readonly session = `uuid:${randomUUID().toUpperCase()}`;
  readonly #server: ListenerServer;
  readonly #credentials: string;
  readonly #agent: Agent;

  constructor(server: ListenerServer, credentials: string) {
    this.#server = server;
    this.#credentials = credentials;
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(server.caFile) });
  }

  /** Sends one message and resolves to the answer, whatever its status. */
  async send(message: SoapMessage): Promise<SoapAnswer> {
    return await this.post(this.envelope(message));
  }

  async post(text: string): Promise<SoapAnswer> {
    const body = Buffer.from(text);
    return await new Promise((resolve, reject) => {
      const sent = request({
        host: 'localhost', port: this.#server.httpsPort, path: '/wsman', method: 'POST', agent: this.#agent, servername: 'localhost', family: 4,
        headers: { 'Content-Type': 'application/soap+xml;charset=UTF-8', 'Content-Length': body.length, 'Authorization': `Basic ${Buffer.from(this.#credentials).toString('base64')}` },
      }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => { resolve(answer(response.statusCode ?? 0, Buffer.concat(parts).toString('utf8'))); });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  envelope(message: SoapMessage): string {
    const { operation } = message;
    const short = message.action in actions ? actions[message.action as keyof typeof actions] : `${shellNamespace}/${message.action}`;
    return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" xmlns:rsp="${shellNamespace}"><s:Header>`
      + `<a:To>https://localhost:${this.#server.httpsPort}/wsman</a:To><a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>`
      + `<a:Action s:mustUnderstand="true">${short}</a:Action><a:MessageID>uuid:${randomUUID().toUpperCase()}</a:MessageID>`
      + `<w:ResourceURI s:mustUnderstand="true">${message.resource ?? powerShell}</w:ResourceURI><w:MaxEnvelopeSize s:mustUnderstand="true">${message.maxEnvelope ?? 512000}</w:MaxEnvelopeSize>`
      + `<w:OperationTimeout>${message.timeout ?? 'PT20S'}</w:OperationTimeout><p:SessionId s:mustUnderstand="false">${message.session ?? this.session}</p:SessionId>`
      + (operation === undefined ? '' : `<p:OperationID s:mustUnderstand="${operation.again}">${operation.id}</p:OperationID><p:SequenceId s:mustUnderstand="false">1</p:SequenceId>`)
      + (message.options === undefined ? '' : `<w:OptionSet s:mustUnderstand="true">${message.options}</w:OptionSet>`)
      + (message.shell === undefined ? '' : `<w:SelectorSet><w:Selector Name="ShellId">${message.shell}</w:Selector></w:SelectorSet>`)
      + `${message.headers ?? ''}</s:Header><s:Body>${message.body ?? ''}</s:Body></s:Envelope>`;
  }

  [Symbol.dispose](): void { this.#agent.destroy(); }
}

function answer(status: number, text: string): SoapAnswer {
  const all = (name: string): string[] => [...text.matchAll(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)</`, 'g'))].map((match) => match[1] ?? '');
  const code = /<f:WSManFault[^>]*\bCode="(\d+)"/.exec(text)?.[1];
  return {
    status,
    text,
    code: code === undefined ? undefined : Number(code),
    all,
    first: (name) => all(name)[0] ?? '',
    streams: () => Buffer.concat(all('Stream').map((base64) => Buffer.from(base64, 'base64'))),
  };
}

import { messagesIn, newId, pipeline, poolConnecting, poolOpening, messageType, type RawMessage } from './raw-psrp.ts';
import type { SoapAnswer, SoapClient, SoapMessage } from './soap-client.ts';

export const protocolVersion = '<w:Option Name="protocolversion" MustComply="true">2.3</w:Option>';
/** WSManFault code of a request whose OperationID another one has. */
const inUse = 2150858767;
const terminate = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate';

/** A PSRP shell reached by a SoapClient: each method is one message. */
export class RawShell {
  readonly client: SoapClient;
  readonly id: string;

  constructor(client: SoapClient, id = newId()) {
    this.client = client;
    this.id = id;
  }

  async create(more: Partial<SoapMessage> = {}, attributes?: string, inner?: string): Promise<SoapAnswer> {
    return await this.client.post(this.createEnvelope(more, attributes, inner));
  }

  createEnvelope(more: Partial<SoapMessage> = {}, attributes = `ShellId="${this.id}"`, inner = ''): string {
    return this.client.envelope({
      action: 'Create', options: protocolVersion,
      body: `<rsp:Shell ${attributes}><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>${inner}<creationXml xmlns="http://schemas.microsoft.com/powershell">${poolOpening(this.id)}</creationXml></rsp:Shell>`,
      ...more,
    });
  }

  deleteEnvelope(): string {
    return this.client.envelope({ action: 'Delete', shell: this.id });
  }

  /** Creates the shell and receives until its runspace pool is open. */
  async open(inner = ''): Promise<void> {
    const created = await this.create({}, undefined, inner);
    if (created.status !== 200) throw new Error(created.text);
    await this.#until((message) => message.type === messageType.poolState && message.text.includes('>2<'));
  }

  async start(script: string, id = newId()): Promise<string> {
    const answer = await this.command(script, id);
    if (answer.status !== 200) throw new Error(answer.text);
    return id;
  }

  async command(script: string, id = newId(), more: Partial<SoapMessage> = {}): Promise<SoapAnswer> {
    return await this.#send('Command', `<rsp:CommandLine CommandId="${id}"><rsp:Command /><rsp:Arguments>${pipeline(this.id, id, script)}</rsp:Arguments></rsp:CommandLine>`, more);
  }

  async receive(command?: string, more: Partial<SoapMessage> = {}): Promise<SoapAnswer> {
    return await this.#send('Receive', `<rsp:Receive><rsp:DesiredStream${command === undefined ? '' : ` CommandId="${command}"`}>stdout</rsp:DesiredStream></rsp:Receive>`, more);
  }

  /** Begins a Receive, and resolves once the server is at work on it: it then refuses the operation's id to another request. */
  async beginReceive(command: string): Promise<{ readonly answer: Promise<SoapAnswer>; readonly id: string }> {
    for (;;) {
      const id = `uuid:${newId()}`;
      const first: { code?: number | undefined } = {};
      const answer = this.receive(command, { operation: { id, again: false } });
      answer.then(({ code }) => { first.code = code; }, () => undefined);
      const second = await this.receive(command, { timeout: 'PT0.5S', operation: { id, again: false } });
      // They come over two connections: the second may have been the first to arrive.
      if (second.code === inUse && first.code !== inUse) return { answer, id };
      await answer;
    }
  }

  /** Receives until the command is done; gives all of its messages. */
  async finish(command: string, more: Partial<SoapMessage> = {}): Promise<RawMessage[]> {
    const parts: Buffer[] = [];
    for (;;) {
      const answer = await this.receive(command, more);
      if (answer.status !== 200) throw new Error(answer.text);
      parts.push(answer.streams());
      if (answer.text.includes('CommandState/Done')) return messagesIn(Buffer.concat(parts));
    }
  }

  async signal(command: string, code = terminate): Promise<SoapAnswer> {
    return await this.#send('Signal', `<rsp:Signal CommandId="${command}"><rsp:Code>${code}</rsp:Code></rsp:Signal>`);
  }

  async delete(): Promise<SoapAnswer> { return await this.#send('Delete', ''); }

  async disconnect(inner = '', more: Partial<SoapMessage> = {}): Promise<SoapAnswer> { return await this.#send('Disconnect', `<rsp:Disconnect>${inner}</rsp:Disconnect>`, more); }

  async reconnect(command?: string, more: Partial<SoapMessage> = {}): Promise<SoapAnswer> {
    return await this.#send('Reconnect', command === undefined ? '' : `<rsp:Reconnect CommandId="${command}"/>`, more);
  }

  async connect(command?: string, connectXml = poolConnecting(this.id)): Promise<SoapAnswer> {
    return command === undefined
      ? await this.#send('Connect', `<rsp:Connect><connectXml xmlns="http://schemas.microsoft.com/powershell">${connectXml}</connectXml></rsp:Connect>`, { options: protocolVersion })
      : await this.#send('Connect', `<rsp:Connect CommandId="${command}"/>`);
  }

  async #send(action: string, body: string, more: Partial<SoapMessage> = {}): Promise<SoapAnswer> {
    return await this.client.send({ action, shell: this.id, body, ...more });
  }

  async #until(holds: (message: RawMessage) => boolean): Promise<void> {
    for (;;) {
      const answer = await this.receive();
      if (answer.status !== 200) throw new Error(answer.text);
      if (messagesIn(answer.streams()).some(holds)) return;
    }
  }
}

/** What a pipeline's output messages say, as their XML. */
export function outputs(messages: readonly RawMessage[]): string[] {
  return messages.filter((message) => message.type === messageType.output).map((message) => message.text);
}

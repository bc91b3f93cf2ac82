import { SilenceError } from '../deadline.ts';
import { RemoteError } from '../error.ts';
import { ProtocolError } from '../psrp/error.ts';
import type { TransportFacts } from '../transport.ts';
import { readAnswer } from './answer.ts';
import { authenticating } from './channel.ts';
import type { Haste, ShellChannels } from './channels.ts';
import type { Envelope } from './envelope.ts';
import { again } from './envelope.ts';
import { isReceiveTimeout, readFault, WsmanFaultError } from './fault.ts';
import { CutError } from './http.ts';
import type { WinRmLimits } from './limits.ts';
import type { XmlElement } from './xml.ts';
import { parseXml } from './xml.ts';

/** Sends requests and reads their answers: one body, or one error. Knows which request may be sent a second time. */
export class Requests {
  readonly server: string;
  /** True once a SOAP answer came. */
  answered = false;
  private readonly channels: ShellChannels;
  private readonly limits: WinRmLimits;
  private over = false;
  /** Grows when waiting requests are called off. */
  private calledOff = 0;
  private wake: () => void = () => undefined;

  constructor(server: string, channels: ShellChannels, limits: WinRmLimits) {
    this.server = server;
    this.channels = channels;
    this.limits = limits;
  }

  get facts(): TransportFacts | undefined {
    return this.channels.facts;
  }

  /**
   * Sends a request once. Where its answer is lost, whether the server worked it off is unknown, and it is not repeated.
   * @param tried what it does, for errors: `Creating the shell`
   * @param haste `patient` where it can wait until a connection is free
   * @throws RemoteError, WsmanFaultError
   */
  async once(envelope: Envelope, tried: string, haste: Haste = 'short'): Promise<XmlElement> {
    try {
      return await this.send(envelope, haste, this.limits.answer, tried);
    } catch (error) {
      throw this.remote(error, tried);
    }
  }

  /** Sends a request that changes nothing; where its answer is lost, again on a fresh connection. */
  async repeatable(envelope: Envelope, tried: string): Promise<XmlElement> {
    return await this.persist(envelope, 'short', this.limits.answer, tried);
  }

  /**
   * Waits for output; undefined where none came in the time that the server waits for it. Where the answer is lost, the
   * same operation is asked for again on a fresh connection: the server then repeats what it had already sent.
   */
  async receive(envelope: Envelope, tried: string): Promise<XmlElement | undefined> {
    try {
      return await this.persist(envelope, 'long', this.limits.receive, tried);
    } catch (error) {
      if (error instanceof WsmanFaultError && isReceiveTimeout(error.fault)) return undefined;
      throw error;
    }
  }

  /** Cuts what may be long, for good: it is not tried again. */
  cutReceives(): void {
    this.calledOff++;
    this.channels.cutLong();
    this.wake();
  }

  /** Somebody waits for the patient requests now. */
  hurry(): void {
    this.channels.hurry();
  }

  /** After a pause of any length: what was open is not trusted to be so still. */
  startAfresh(): void {
    this.channels.dropIdle();
  }

  close(error: Error): void {
    this.over = true;
    this.channels.close(error);
    this.wake();
  }

  private async persist(envelope: Envelope, haste: Haste, milliseconds: number, tried: string): Promise<XmlElement> {
    let request = envelope;
    const { calledOff } = this;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.send(request, haste, milliseconds, tried);
      } catch (error) {
        const pause = this.limits.retries[attempt];
        if (this.over || this.calledOff !== calledOff || pause === undefined || !isPassing(error)) throw this.remote(error, tried);
        request = again(envelope);
        await this.sleep(pause);
      }
    }
  }

  private async send(envelope: Envelope, haste: Haste, milliseconds: number, tried: string): Promise<XmlElement> {
    const { text, bulk } = await this.channels.run(haste, (channel) => channel.post(envelope.xml, milliseconds, tried.charAt(0).toLowerCase() + tried.slice(1)));
    const answer = readAnswer(parseXml(text, bulk));
    this.answered = true;
    const fault = readFault(answer.body);
    if (fault !== undefined) throw new WsmanFaultError(this.server, tried, fault);
    if (answer.relatesTo !== undefined && answer.relatesTo.toLowerCase() !== envelope.messageId.toLowerCase()) {
      throw new ProtocolError(`${tried} failed: the answer is to another request.`, { quoted: answer.relatesTo });
    }
    return answer.body;
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What went wrong, as the one error of the session. */
  private remote(error: unknown, tried: string): unknown {
    if (error instanceof CutError) {
      return new RemoteError({ reason: 'connection-lost', server: this.server, message: `${tried} failed: ${error.message}`, remedy: 'Connect again; whether the server still worked off the request is unknown.' }, { cause: error });
    }
    if (error instanceof SilenceError) {
      return new RemoteError({ reason: 'silent-peer', server: this.server, message: `${tried} failed. ${error.message}`, remedy: 'Check the server\'s load and the network, then connect again.' }, { cause: error });
    }
    return error;
  }
}

/** True where a request was on its way, and whether the server worked it off is unknown. */
export function isUncertain(error: unknown): boolean {
  if (!(error instanceof RemoteError)) return false;
  return (error.cause instanceof CutError && error.cause.tried !== authenticating) || error.cause instanceof SilenceError;
}

/** True for what a fresh connection may cure. */
function isPassing(error: unknown): boolean {
  if (error instanceof CutError || error instanceof SilenceError) return true;
  return error instanceof RemoteError && !(error instanceof WsmanFaultError) && error.failure.reason === 'unreachable';
}

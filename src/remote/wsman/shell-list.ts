import { newGuid } from '../psrp/guid.ts';
import { ProtocolError } from '../psrp/error.ts';
import { RemoteError } from '../error.ts';
import { listContext, listedCommands, listedShells } from './answer.ts';
import type { EnvelopeSettings } from './envelope.ts';
import { enumerate, pull } from './envelope.ts';
import { resources } from './names.ts';
import type { Requests } from './requests.ts';
import { envelopeSize } from './size.ts';
import type { XmlElement } from './xml.ts';

/** Most answers that one list may come in. */
const mostPulls = 100;

/** Lists a server's shells and what runs in them (MS-WSMV 3.1.4.7). */
export class ShellList {
  private readonly requests: Requests;
  private readonly settings: EnvelopeSettings;

  constructor(url: string, requests: Requests) {
    this.requests = requests;
    this.settings = { to: `${url}?PSVersion=5.1`, sessionId: newGuid(), maxEnvelopeSize: envelopeSize.current };
  }

  /** PowerShell shells that nobody is connected to. */
  async list(): Promise<{ id: string; owner: string }[]> {
    const bodies = await this.all(undefined);
    return bodies.flatMap(listedShells).filter(({ state }) => state === 'Disconnected').map(({ shell, owner }) => ({ id: shell, owner }));
  }

  /** The ids of the commands in a shell, in lower case. */
  async commands(shell: string): Promise<string[]> {
    return (await this.all(shell)).flatMap(listedCommands);
  }

  private async all(shell: string | undefined): Promise<XmlElement[]> {
    const tried = shell === undefined ? 'Listing shells' : 'Listing the commands of a shell';
    const bodies = [await this.requests.repeatable(enumerate(this.settings, shell), tried)];
    try {
      for (let context = listContext(bodies[0]); context !== undefined; context = listContext(bodies.at(-1))) {
        if (bodies.length >= mostPulls) throw new ProtocolError(`A list in more than ${mostPulls} answers came.`, { reason: 'limit-exceeded' });
        bodies.push(await this.requests.once(pull(this.settings, shell === undefined ? resources.shells : resources.commands, context), tried));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new RemoteError({ reason: error.reason, server: this.requests.server, message: `${tried} failed. ${error.message}`, remedy: 'Check that the server is an up-to-date Windows server.', quoted: error.quoted }, { cause: error });
    } finally {
      this.requests.close(new RemoteError({ reason: 'closed', server: this.requests.server, message: 'The list is complete.', remedy: 'Ask for a new one.' }));
    }
    return bodies;
  }
}

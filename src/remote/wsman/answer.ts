import { ProtocolError } from '../psrp/error.ts';
import { resources } from './names.ts';
import type { Selector } from './envelope.ts';
import type { XmlElement } from './xml.ts';
import { childOf, descendants, under } from './xml.ts';

/** A SOAP answer's header and body. */
export interface Answer {
  readonly relatesTo: string | undefined;
  readonly body: XmlElement;
}

/** Output of the pool (command undefined) or of one command, in lower case. */
export interface OutputPiece {
  readonly command: string | undefined;
  readonly bytes: Uint8Array;
}

/** What a ReceiveResponse carries (MS-WSMV 2.2.4.31). */
export interface Received {
  readonly pieces: readonly OutputPiece[];
  /** The state of the command, where one came. */
  readonly commandState: string | undefined;
}

/** A shell as Enumerate lists it. */
export interface ListedShell {
  /** Lower case. */
  readonly shell: string;
  readonly name: string;
  /** `Connected`, `Disconnected`. */
  readonly state: string;
  readonly owner: string;
  readonly resource: string;
}

const equalsSign = 0x3d;
/** Characters that are decoded at once: a multiple of four. */
const pieceSize = 65_536;
const guidText = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Splits an envelope. @throws ProtocolError */
export function readAnswer(root: XmlElement): Answer {
  const body = childOf(root, 'Body');
  if (root.name !== 'Envelope' || body === undefined) throw new ProtocolError(`The answer is not a SOAP envelope but <${root.name}>.`);
  return { relatesTo: under(root, 'Header', 'RelatesTo')?.text.trim(), body };
}

/** The selectors by which the server wants its new shell to be named. @throws ProtocolError */
export function createdSelectors(body: XmlElement): Selector[] {
  const [set] = descendants(body, 'SelectorSet');
  const selectors = (set?.children ?? []).filter((child) => child.name === 'Selector')
    .map((child) => ({ name: child.attributes.get('Name') ?? '', value: child.text.trim() }));
  if (!selectors.some(({ name, value }) => name === 'ShellId' && value !== '')) {
    throw new ProtocolError('The server says that it created a shell, but not which one.');
  }
  return selectors;
}

/** How long the server lets a new shell idle, in milliseconds; undefined where it does not say. */
export function idleTime(body: XmlElement): number | undefined {
  const [found] = descendants(body, 'IdleTimeOut');
  const seconds = /^PT(\d{1,10})(?:\.\d+)?S$/.exec(found?.text.trim() ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** @throws ProtocolError */
export function readReceived(body: XmlElement): Received {
  const response = childOf(body, 'ReceiveResponse');
  if (response === undefined) throw new ProtocolError('The answer to a Receive holds no output.', { quoted: body.children[0]?.name ?? '' });
  const pieces: OutputPiece[] = [];
  let commandState: string | undefined;
  for (const child of response.children) {
    if (child.name === 'Stream' && child.bulk !== undefined) pieces.push({ command: idOf(child), bytes: decodeBulk(child.bulk) });
    else if (child.name === 'Stream' && child.text !== '') pieces.push({ command: idOf(child), bytes: decodeBase64(child.text) });
    else if (child.name === 'CommandState') commandState = child.attributes.get('State') ?? '';
  }
  return { pieces, commandState };
}

/** The fragments in the answer to a Connect: negotiation and the pool's state (MS-PSRP 3.1.5.3.13). @throws ProtocolError */
export function connectFragments(body: XmlElement): Uint8Array {
  const [found] = descendants(body, 'connectResponseXml');
  if (found === undefined) throw new ProtocolError('The answer to a Connect holds nothing of the runspace pool.');
  return decodeBase64(found.text);
}

/** PowerShell shells in a list of shells. */
export function listedShells(body: XmlElement): ListedShell[] {
  return descendants(body, 'Shell').map((shell) => ({
    shell: (childOf(shell, 'ShellId')?.text ?? '').trim().toLowerCase(),
    name: childOf(shell, 'Name')?.text.trim() ?? '',
    state: childOf(shell, 'State')?.text.trim() ?? '',
    owner: childOf(shell, 'Owner')?.text.trim() ?? '',
    resource: childOf(shell, 'ResourceUri')?.text.trim() ?? '',
  })).filter(({ shell, resource }) => guidText.test(shell) && resource.toLowerCase() === resources.powershell.toLowerCase());
}

/** The ids of the commands in a list of commands, in lower case. */
export function listedCommands(body: XmlElement): string[] {
  return descendants(body, 'Command').map((command) => (command.attributes.get('CommandId') ?? childOf(command, 'CommandId')?.text ?? '').trim().toLowerCase()).filter((id) => guidText.test(id));
}

/** Where a list goes on; undefined at its end. */
export function listContext(body: XmlElement | undefined): string | undefined {
  const response = childOf(body, 'EnumerateResponse') ?? childOf(body, 'PullResponse');
  if (response === undefined) throw new ProtocolError('The answer is not a list.', { quoted: body?.children[0]?.name ?? '' });
  const context = childOf(response, 'EnumerationContext')?.text.trim() ?? '';
  return childOf(response, 'EndOfSequence') !== undefined || context === '' ? undefined : context;
}

function idOf(stream: XmlElement): string | undefined {
  const id = stream.attributes.get('CommandId')?.toLowerCase();
  return id === undefined || id === '' ? undefined : id;
}

/** Decodes base64 piece by piece, through strings that the heap has room for at no cost. */
function decodeBulk(text: Buffer): Uint8Array {
  const padding = text.at(-2) === equalsSign ? 2 : text.at(-1) === equalsSign ? 1 : 0;
  const bytes = Buffer.allocUnsafe(Math.floor(text.length / 4) * 3 - padding);
  let written = 0;
  for (let at = 0; at < text.length; at += pieceSize) written += bytes.write(text.toString('latin1', at, at + pieceSize), written, 'base64');
  // Line breaks, or something that is no base64.
  return text.length % 4 === 0 && written === bytes.length ? bytes : decodeBase64(text.toString('latin1'));
}

/** Decodes base64 strictly, line breaks aside: Node's own decoder skips what it does not know. */
function decodeBase64(text: string): Uint8Array {
  const packed = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  const padding = packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(packed, 'base64');
  if (packed.length % 4 !== 0 || bytes.length !== (packed.length / 4) * 3 - padding) throw new ProtocolError('Output came that is not base64.', { quoted: packed.slice(0, 100) });
  return bytes;
}

import assert from 'node:assert/strict';
import type { Envelope } from '../../../src/remote/wsman/envelope.ts';
import * as envelopes from '../../../src/remote/wsman/envelope.ts';
import { signals } from '../../../src/remote/wsman/names.ts';
import { envelopeSize, fragmentRoom, payloadSize } from '../../../src/remote/wsman/size.ts';
import type { XmlElement } from '../../../src/remote/wsman/xml.ts';
import { childOf, parseXml, under } from '../../../src/remote/wsman/xml.ts';

const settings = { to: 'http://aadc01.example.org:5985/wsman?PSVersion=5.1', sessionId: '11111111-2222-3333-4444-aabbccddeeff', maxEnvelopeSize: 512_000 };
const shell = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const command = 'ffffffff-0000-1111-2222-333333333333';
const selectors = [{ name: 'ShellId', value: shell.toUpperCase() }, { name: 'Extra', value: 'a<b' }];
const bytes = Buffer.from('fragments');
const shellUri = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
const powershell = 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell';

function header(envelope: Envelope): XmlElement {
  return childOf(parseXml(envelope.xml), 'Header') ?? assert.fail('no header');
}

function body(envelope: Envelope): XmlElement {
  return childOf(parseXml(envelope.xml), 'Body') ?? assert.fail('no body');
}

const all: readonly [name: string, envelope: Envelope, action: string, resource: string, hasSelectors: boolean, options: readonly string[]][] = [
  ['Create', envelopes.createShell(settings, shell, bytes), 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Create', powershell, false, ['protocolversion']],
  ['Delete', envelopes.deleteShell(settings, selectors), 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete', powershell, true, []],
  ['Command', envelopes.startCommand(settings, selectors, command, bytes), `${shellUri}/Command`, powershell, true, []],
  ['Send', envelopes.send(settings, selectors, 'stdin', command, bytes), `${shellUri}/Send`, powershell, true, []],
  ['Receive', envelopes.receive(settings, selectors, command), `${shellUri}/Receive`, powershell, true, ['WSMAN_CMDSHELL_OPTION_KEEPALIVE']],
  ['Signal', envelopes.signal(settings, selectors, command, signals.stop), `${shellUri}/Signal`, powershell, true, []],
  ['Disconnect', envelopes.disconnect(settings, selectors, 7200), `${shellUri}/Disconnect`, powershell, true, []],
  ['Reconnect', envelopes.reconnect(settings, selectors, undefined), `${shellUri}/Reconnect`, powershell, true, []],
  ['Connect', envelopes.connectShell(settings, selectors, bytes), `${shellUri}/Connect`, powershell, true, ['protocolversion']],
  ['Connect of a command', envelopes.connectCommand(settings, selectors, command), `${shellUri}/Connect`, powershell, true, []],
  ['Enumerate of shells', envelopes.enumerate(settings, undefined), 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate', shellUri, false, []],
  ['Enumerate of commands', envelopes.enumerate(settings, shell), 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate', `${shellUri}/Command`, false, []],
  ['Pull', envelopes.pull(settings, shellUri, 'context'), 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/Pull', shellUri, false, []],
];

describe('WSMan requests', () => {
  for (const [name, envelope, action, resource, hasSelectors, options] of all) {
    it(`say in their header what, of whom, and for how long: ${name}`, () => {
      const head = header(envelope);
      const text = (element: string): string | undefined => childOf(head, element)?.text;
      assert.equal(text('To'), settings.to);
      assert.equal(text('Action'), action);
      assert.equal(envelope.action, action);
      assert.equal(text('ResourceURI'), resource);
      assert.equal(under(head, 'ReplyTo', 'Address')?.text, 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous');
      assert.equal(text('MessageID'), envelope.messageId);
      assert.match(envelope.messageId, /^uuid:[0-9A-F-]{36}$/);
      assert.equal(text('MaxEnvelopeSize'), '512000');
      assert.match(text('OperationTimeout') ?? '', name === 'Receive' ? /^PT20S$/ : /^PT60S$/);
      assert.equal(text('SessionId'), 'uuid:11111111-2222-3333-4444-AABBCCDDEEFF');
      assert.equal(childOf(head, 'Locale')?.attributes.get('lang'), 'en-US');
      assert.equal(childOf(head, 'DataLocale')?.attributes.get('lang'), 'en-US');
      assert.deepEqual(childOf(head, 'SelectorSet')?.children.map((s) => [s.attributes.get('Name'), s.text]), hasSelectors ? [['ShellId', shell.toUpperCase()], ['Extra', 'a<b']] : undefined);
      assert.deepEqual(childOf(head, 'OptionSet')?.children.map((o) => o.attributes.get('Name')) ?? [], options);
      assert.ok(!envelope.xml.includes('WINRS_NOPROFILE'));
    });
  }

  it('create a shell whose id is the pool\'s in upper case, with the pool\'s streams and the first fragments', () => {
    const [, created] = all[0] ?? assert.fail();
    const element = childOf(body(created), 'Shell');
    assert.equal(element?.attributes.get('ShellId'), shell.toUpperCase());
    assert.equal(childOf(element, 'InputStreams')?.text, 'stdin pr');
    assert.equal(childOf(element, 'OutputStreams')?.text, 'stdout');
    assert.equal(childOf(element, 'creationXml')?.attributes.get('xmlns'), 'http://schemas.microsoft.com/powershell');
    assert.equal(Buffer.from(childOf(element, 'creationXml')?.text ?? '', 'base64').toString(), 'fragments');
    const option = under(header(created), 'OptionSet', 'Option');
    assert.equal(option?.attributes.get('MustComply'), 'true');
    assert.equal(option.text, '2.3');
  });

  it('start a command with an empty command and the first fragments as its arguments', () => {
    const line = childOf(body(envelopes.startCommand(settings, selectors, command, bytes)), 'CommandLine');
    assert.equal(line?.attributes.get('CommandId'), command.toUpperCase());
    assert.deepEqual(line.children.map((c) => [c.name, c.text]), [['Command', ''], ['Arguments', bytes.toString('base64')]]);
  });

  it('send and receive on the pool\'s streams without a command, on a command\'s with one', () => {
    const stream = (envelope: Envelope): XmlElement | undefined => under(body(envelope), 'Send', 'Stream') ?? under(body(envelope), 'Receive', 'DesiredStream');
    assert.deepEqual([...stream(envelopes.send(settings, selectors, 'pr', undefined, bytes))?.attributes ?? []], [['Name', 'pr']]);
    assert.deepEqual([...stream(envelopes.send(settings, selectors, 'stdin', command, bytes))?.attributes ?? []], [['Name', 'stdin'], ['CommandId', command.toUpperCase()]]);
    assert.deepEqual([...stream(envelopes.receive(settings, selectors, undefined))?.attributes ?? []], []);
    assert.equal(stream(envelopes.receive(settings, selectors, command))?.attributes.get('CommandId'), command.toUpperCase());
  });

  it('stop by the code that PowerShell compares, letter by letter', () => {
    assert.equal(under(body(envelopes.signal(settings, selectors, command, signals.stop)), 'Signal', 'Code')?.text, 'powershell/signal/crtl_c');
    assert.equal(signals.terminate, `${shellUri}/signal/terminate`);
  });

  it('leave a shell whose full buffer holds the command back', () => {
    const element = childOf(body(envelopes.disconnect(settings, selectors, 7200)), 'Disconnect');
    assert.equal(childOf(element, 'BufferMode')?.text, 'Block');
    assert.equal(childOf(element, 'IdleTimeOut')?.text, 'PT7200S');
  });

  it('filter the list of commands by the shell', () => {
    const filter = under(body(envelopes.enumerate(settings, shell)), 'Enumerate', 'Filter');
    assert.equal(filter?.attributes.get('Dialect'), 'http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter');
    assert.equal(under(filter, 'SelectorSet', 'Selector')?.text, shell.toUpperCase());
  });

  it('are the same operation when they are sent again, and say that the server has to know it', () => {
    const first = envelopes.receive(settings, selectors, command);
    const again = envelopes.again(first);
    const operation = (envelope: Envelope): XmlElement | undefined => childOf(header(envelope), 'OperationID');
    assert.equal(operation(again)?.text, operation(first)?.text);
    assert.deepEqual([operation(first)?.attributes.get('mustUnderstand'), operation(again)?.attributes.get('mustUnderstand')], ['false', 'true']);
    assert.equal(again.messageId, first.messageId);
    assert.notEqual(operation(envelopes.receive(settings, selectors, command))?.text, operation(first)?.text);
  });

  // What clients that were held against Windows compute for the payload of one fragment.
  for (const [size, least, most] of [[153_600, 113_574, 113_952], [512_000, 382_374, 382_752], [4_194_304, 3_144_102, 3_144_480]] as const) {
    it(`carry as many bytes as an envelope of ${size} leaves room for`, () => {
      const payload = payloadSize(settings, size);
      assert.ok(payload >= least && payload <= most, `${payload}`);
      const room = fragmentRoom(settings, size);
      for (const envelope of [envelopes.send(settings, selectors.slice(0, 1), 'stdin', command, Buffer.alloc(room)), envelopes.startCommand(settings, selectors.slice(0, 1), command, Buffer.alloc(room))]) {
        assert.ok(Buffer.byteLength(envelope.xml) <= size - 250);
      }
    });
  }

  it('know the default sizes of servers before and since protocol 2.2', () => {
    assert.deepEqual(envelopeSize, { old: 153_600, current: 512_000 });
  });
});

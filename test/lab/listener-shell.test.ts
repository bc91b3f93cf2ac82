import assert from 'node:assert/strict';
import { messagesIn, messageType } from './support/raw-psrp.ts';
import { outputs, RawShell } from './support/raw-shell.ts';
import { scenario, SimulatedServer } from './support/simulated-server.ts';
import { SoapClient } from './support/soap-client.ts';
import { TestListener } from './support/test-listener.ts';

describe('the listener\'s PSRP shells', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let client: SoapClient;
  before(async () => {
    listener = await TestListener.start([{ name: 'bare' }]);
    client = new SoapClient(listener.server('bare'), listener.credentials('labadmin'));
  });
  after(async () => {
    client[Symbol.dispose]();
    await listener[Symbol.asyncDispose]();
  });

  it('opens a pool in two Receives, as Windows does: capability with private data, then the state', async () => {
    const shell = new RawShell(client);
    const created = await shell.create();
    assert.equal(created.status, 200, created.text);
    assert.equal(created.first('Selector'), shell.id);
    assert.equal(created.first('CompressionMode'), 'NoCompression');
    assert.equal(created.first('State'), 'Connected');
    const first = await shell.receive();
    assert.deepEqual(messagesIn(first.streams()).slice(0, 2).map(({ type }) => type), [messageType.capability, messageType.privateData]);
    assert.ok(first.all('Stream').length >= 2, 'each message in a stream element of its own');
    const state = messagesIn(first.streams()).some(({ type }) => type === messageType.poolState) ? first : await shell.receive();
    assert.match(messagesIn(state.streams()).at(-1)?.text ?? '', /<I32 N="RunspaceState">2<\/I32>/);
    assert.equal((await shell.delete()).status, 200);
    const gone = await shell.receive();
    assert.equal(gone.status, 500);
    assert.equal(gone.code, 2150858843);
  });

  it('runs a pipeline and says that it is done in the Receive that carries its state', async () => {
    const shell = new RawShell(client);
    await shell.open();
    const command = await shell.start('1..3; "é<&"');
    const messages = await shell.finish(command);
    assert.deepEqual(outputs(messages), ['<I32>1</I32>', '<I32>2</I32>', '<I32>3</I32>', '<S>é&lt;&amp;</S>']);
    assert.match(messages.at(-1)?.text ?? '', /<I32 N="PipelineState">4<\/I32>/);
    assert.equal((await shell.signal(command)).status, 200);
    assert.equal((await shell.receive(command)).code, 2150858843);
    await shell.delete();
  });

  it('greets for a simulated server as Windows PowerShell 5.1, with what its own $PSVersionTable says', async () => {
    await using simulated = await SimulatedServer.create(await scenario('healthy'));
    await using own = await TestListener.start([{ name: 'healthy', powershell: simulated.powershell }]);
    using other = new SoapClient(own.server('healthy'), own.credentials('labadmin'));
    const shell = new RawShell(other);
    assert.equal((await shell.create()).status, 200);
    const greeting = messagesIn((await shell.receive()).streams()).find(({ type }) => type === messageType.privateData)?.text ?? '';
    const said = (name: string): string | undefined => new RegExp(`<En><S N="Key">${name}</S><(?:Version|S) N="Value">([^<]*)<`).exec(greeting)?.[1];
    const table = JSON.parse((await simulated.run('ConvertTo-Json -Compress -InputObject @{ PSVersion = "$($PSVersionTable.PSVersion)"; PSEdition = $PSVersionTable.PSEdition; BuildVersion = "$($PSVersionTable.BuildVersion)"; CLRVersion = "$($PSVersionTable.CLRVersion)"; PSRemotingProtocolVersion = "$($PSVersionTable.PSRemotingProtocolVersion)"; SerializationVersion = "$($PSVersionTable.SerializationVersion)"; WSManStackVersion = "$($PSVersionTable.WSManStackVersion)" }')).stdout) as Record<string, string>;
    assert.equal(table['PSVersion'], '5.1.20348.2849');
    assert.deepEqual(Object.fromEntries(Object.keys(table).map((name) => [name, said(name)])), table);
    assert.doesNotMatch(greeting, /GitCommitId|Platform|7\.6/);
    await shell.delete();
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { eventually } from './support/lab-command.ts';
import { messagesIn, messageType, newId, poolConnecting } from './support/raw-psrp.ts';
import { outputs, RawShell } from './support/raw-shell.ts';
import { SoapClient, type SoapAnswer } from './support/soap-client.ts';
import { TestListener } from './support/test-listener.ts';

/** Ids of the engines that a listener runs. */
function enginesOf(listener: TestListener): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return new RegExp(`\\nPPid:\\t${listener.pid}\\n`).test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
}

/** Processor time that a process has used, in clock ticks. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function enumerate(client: SoapClient, kind: '' | '/Command', shell?: string): Promise<SoapAnswer> {
  const filter = shell === undefined ? '' : `<w:Filter Dialect="http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter"><w:SelectorSet><w:Selector Name="ShellId">${shell}</w:Selector></w:SelectorSet></w:Filter>`;
  return await client.send({
    action: 'Enumerate', resource: `http://schemas.microsoft.com/wbem/wsman/1/windows/shell${kind}`,
    body: `<n:Enumerate xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>${filter}</n:Enumerate>`,
  });
}

/** What the shell's one command is doing, as the listener lists it. */
async function stateOf(client: SoapClient, shell: RawShell): Promise<string> {
  return (await enumerate(client, '/Command', shell.id)).first('CommandState');
}

describe('the listener\'s shells and their connections', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let client: SoapClient;
  let shell: RawShell;
  before(async () => {
    listener = await TestListener.start([
      { name: 'bare' },
      { name: 'small', limits: { bufferBytes: 20_000 } },
      { name: 'impatient', limits: { idleTimeoutSeconds: 4, minIdleTimeoutSeconds: 1 } },
    ]);
  });
  after(async () => { await listener[Symbol.asyncDispose](); });
  beforeEach(async () => {
    client = new SoapClient(listener.server('bare'), listener.credentials('labadmin'));
    shell = new RawShell(client);
    await shell.open();
  });
  afterEach(async () => {
    await shell.delete();
    client[Symbol.dispose]();
  });

  const code = (answer: SoapAnswer): number | undefined => (assert.equal(answer.status, 500, answer.text), answer.code);

  it('live on when every TCP connection breaks, and the Receive is asked anew', async () => {
    const command = await shell.start('"before"; [System.Threading.Thread]::Sleep(600); "after"');
    assert.match((await shell.receive(command)).streams().toString('latin1'), /before/);
    const lost = assert.rejects(shell.receive(command));
    await listener.drop();
    await lost;
    const rest = await shell.finish(command);
    assert.deepEqual(outputs(rest), ['<S>after</S>']);
  });

  it('give a Receive that waits up for a newer one', async () => {
    const command = await shell.start('[System.Threading.Thread]::Sleep(1500); "one"');
    const older = shell.receive(command);
    const newer = shell.receive(command);
    const [first, second] = await Promise.all([older, newer]);
    assert.deepEqual([first.code, second.code].filter((value) => value !== undefined), [995]);
    assert.ok([first, second].some((answer) => answer.streams().includes('one')));
  });

  it('end a waiting Receive at Disconnect, refuse everything meanwhile, and go on after Reconnect', async () => {
    const command = await shell.start('1; [System.Threading.Thread]::Sleep(1000); 2');
    await shell.receive(command);
    const { answer } = await shell.beginReceive(command);
    assert.equal((await shell.disconnect()).status, 200);
    assert.equal(code(await answer), 2150859230);
    assert.equal(code(await shell.receive(command)), 2150859204);
    assert.equal(code(await shell.command('3')), 2150859204);
    assert.equal(code(await shell.disconnect()), 2150859215);
    assert.equal(code(await shell.reconnect(command)), 2150859219);
    assert.equal((await shell.reconnect()).status, 200);
    assert.equal(code(await shell.receive(command)), 2150859204, 'the command is still disconnected');
    assert.equal((await shell.reconnect(command)).status, 200);
    assert.deepEqual(outputs(await shell.finish(command)), ['<I32>2</I32>']);
    assert.equal(code(await shell.reconnect()), 2150859216);
  });

  it('let only the same client session reconnect', async () => {
    await shell.disconnect();
    assert.equal(code(await shell.reconnect(undefined, { session: `uuid:${newId()}` })), 2150859206);
    assert.equal((await shell.reconnect()).status, 200);
    assert.equal(code(await shell.disconnect('', { session: `uuid:${newId()}` })), 2150859206);
  });

  describe('for another client', () => {
    it('list a disconnected shell and its command, connect to both, and give all of the output', async () => {
      const command = await shell.start('"kept"; [System.Threading.Thread]::Sleep(300); "too"');
      await shell.disconnect();
      using other = new SoapClient(listener.server('bare'), listener.credentials('labadmin'));
      const listed = await enumerate(other, '');
      assert.equal(listed.first('ShellId'), shell.id);
      assert.equal(listed.first('State'), 'Disconnected');
      const commands = await enumerate(other, '/Command', shell.id);
      assert.deepEqual([commands.first('CommandId'), commands.first('CommandState')], [command, 'Running']);

      const same = new RawShell(other, shell.id);
      const connected = await same.connect();
      assert.equal(connected.status, 200, connected.text);
      const greeting = messagesIn(Buffer.from(connected.first('connectResponseXml'), 'base64'));
      assert.deepEqual(greeting.map(({ type }) => type), [messageType.capability, messageType.poolInitData]);
      assert.match(greeting[1]?.text ?? '', /<I32 N="MinRunspaces">1<\/I32><I32 N="MaxRunspaces">1<\/I32>/);
      const [data] = messagesIn((await same.receive()).streams());
      assert.equal(data?.type, messageType.privateData);
      assert.equal((await same.connect(command)).status, 200);
      const messages = await same.finish(command);
      assert.deepEqual(outputs(messages), ['<S>kept</S>', '<S>too</S>']);
      const ids = [...greeting, data, ...messages].map(({ objectId }) => objectId);
      assert.equal(new Set(ids).size, ids.length, 'no two objects have the same number');
      assert.equal(code(await shell.reconnect()), 2150859206, 'it belongs to the other client now');
      await same.signal(command);
      assert.deepEqual(outputs(await same.finish(await same.start('"next"'))), ['<S>next</S>']);
    });

    it('refuse to connect to a shell that is in use, with no negotiation, or with another pool\'s', async () => {
      using other = new SoapClient(listener.server('bare'), listener.credentials('labadmin'));
      const same = new RawShell(other, shell.id);
      assert.equal(code(await same.connect()), 2150859213);
      await shell.disconnect();
      const wrong = await same.connect(undefined, poolConnecting(newId()));
      assert.equal(code(wrong), 2152992675);
      assert.match(wrong.text, /Client Capability information and Connect RunspacePool information/);
      assert.equal(code(await same.connect(undefined, '')), 2152992675);
      assert.equal(code(await enumerate(other, '/Command')), 2150859200);
    });
  });

  it('hold a disconnected pipeline back once the buffer is full, and lose nothing', async () => {
    using small = new SoapClient(listener.server('small'), listener.credentials('labadmin'));
    const held = new RawShell(small);
    const before = new Set(enginesOf(listener));
    await held.open();
    const [engine] = enginesOf(listener).filter((pid) => !before.has(pid));
    const command = await held.start('1..20000');
    await held.disconnect();
    // Once pipe and buffer are full the engine has nothing left to do.
    let last = -1;
    let still = 0;
    await eventually('the engine stands still', () => {
      const now = ticks(engine!);
      still = now === last ? still + 1 : 0;
      last = now;
      return still === 20;
    });
    assert.equal(await stateOf(small, held), 'Running');
    await held.reconnect();
    await held.reconnect(command);
    const messages = await held.finish(command);
    assert.deepEqual(outputs(messages), Array.from({ length: 20000 }, (_, index) => `<I32>${index + 1}</I32>`));
    await held.delete();
  });

  it('let a held pipeline be stopped', async () => {
    using small = new SoapClient(listener.server('small'), listener.credentials('labadmin'));
    const held = new RawShell(small);
    await held.open();
    const command = await held.start('while ($true) { "x" * 1000 }');
    assert.equal((await held.signal(command, 'powershell/signal/crtl_c')).status, 200);
    assert.match((await held.finish(command)).at(-1)?.text ?? '', /<I32 N="PipelineState">3</);
    await held.delete();
  });

  it('drop the oldest output of a disconnected pipeline where the client wants that', async () => {
    using small = new SoapClient(listener.server('small'), listener.credentials('labadmin'));
    const dropping = new RawShell(small);
    await dropping.open();
    const command = await dropping.start('[System.Threading.Thread]::Sleep(500); 1..5000; "end"');
    assert.equal((await dropping.disconnect('<rsp:BufferMode>Drop</rsp:BufferMode>')).status, 200);
    while (await stateOf(small, dropping) !== 'Done');
    await dropping.reconnect();
    await dropping.reconnect(command);
    const left = outputs(await dropping.finish(command));
    assert.ok(left.length > 1 && left.length < 5001, `${left.length} records`);
    assert.equal(left.at(-1), '<S>end</S>');
    await dropping.delete();
  });

  it('end, with their engine, after their idle timeout', async () => {
    using impatient = new SoapClient(listener.server('impatient'), listener.credentials('labadmin'));
    const idle = new RawShell(impatient);
    const before = enginesOf(listener).length;
    await idle.open();
    assert.equal(enginesOf(listener).length, before + 1);
    await idle.receive(undefined, { timeout: 'PT5S' });
    assert.equal((await idle.receive(undefined, { timeout: 'PT0.5S' })).code, 2150858793, 'a Receive that waits keeps it');
    await eventually('its engine is gone', () => enginesOf(listener).length === before, 20_000);
    assert.equal(code(await idle.receive()), 2150858843);
  });

  it('say so when their engine dies, to whoever waits and to whoever asks later', async () => {
    const own = new RawShell(client);
    const before = new Set(enginesOf(listener));
    await own.open();
    const [engine] = enginesOf(listener).filter((pid) => !before.has(pid));
    const command = await own.start('while ($true) { }');
    const { answer } = await own.beginReceive(command);
    process.kill(engine ?? 0, 'SIGKILL');
    assert.equal(code(await answer), 1726);
    assert.equal(code(await own.receive()), 1726);
    assert.equal(code(await own.command('1')), 1726);
    assert.equal((await own.delete()).status, 200);
  });

  it('leave no engine when they are deleted, nor when the listener ends', async () => {
    const own = await TestListener.start([{ name: 'bare' }]);
    let engines: number[] = [];
    try {
      using other = new SoapClient(own.server('bare'), own.credentials('labadmin'));
      const first = new RawShell(other);
      const second = new RawShell(other);
      await Promise.all([first.open(), second.open()]);
      engines = enginesOf(own);
      assert.equal(engines.length, 2);
      await first.start('while ($true) { }');
      assert.equal((await first.delete()).status, 200);
      assert.equal(enginesOf(own).length, 1);
      await second.start('while ($true) { }');
    } finally {
      await own[Symbol.asyncDispose]();
    }
    const alive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await eventually('no engine is left', () => !engines.some(alive));
  });
});

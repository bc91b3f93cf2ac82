import assert from 'node:assert/strict';
import { newId, pipeline, poolOpening } from './support/raw-psrp.ts';
import { protocolVersion, RawShell } from './support/raw-shell.ts';
import { cmd, SoapClient, type SoapAnswer } from './support/soap-client.ts';
import { TestListener } from './support/test-listener.ts';

const config = 'http://schemas.microsoft.com/wbem/wsman/1/config';

describe('the listener\'s rules', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let client: SoapClient;
  let shell: RawShell;
  before(async () => {
    listener = await TestListener.start([
      { name: 'bare' },
      { name: 'narrow', limits: { maxShellsPerUser: 1, maxOperationsPerUser: 3, maxCommandsPerShell: 2 } },
    ]);
    client = new SoapClient(listener.server('bare'), listener.credentials('labadmin'));
    shell = new RawShell(client);
    await shell.open();
  });
  after(async () => {
    client[Symbol.dispose]();
    await listener[Symbol.asyncDispose]();
  });

  /** Refuses the answer unless it is this fault: HTTP 500 with a code and a subcode. */
  const isFault = (answer: SoapAnswer, code: number, subcode: string): void => {
    assert.equal(answer.status, 500, answer.text);
    assert.equal(answer.code, code, answer.text);
    assert.equal(answer.all('Value').at(-1), subcode);
  };

  it('answers with the request\'s MessageID', async () => {
    const message = client.envelope({ action: 'Get', resource: config });
    const id = /<a:MessageID>([^<]*)</.exec(message)?.[1];
    assert.equal((await client.post(message)).first('RelatesTo'), id);
  });

  it('tells a Receive without output that its time is over, after that time', async () => {
    const started = Date.now();
    isFault(await shell.receive(undefined, { timeout: 'PT1.5S' }), 2150858793, 'w:TimedOut');
    assert.ok(Date.now() - started >= 1400);
  });

  describe('of Create', () => {
    it('asks for protocolversion', async () => {
      const answer = await new RawShell(client).create({ options: '' });
      isFault(answer, 2152991687, 'w:InternalError');
      assert.match(answer.text, /<f:ProviderFault provider="microsoft.powershell"[^>]*>An option with name protocolversion is expected/);
    });

    it('refuses options named PS_… that it must comply with, and only those', async () => {
      isFault(await new RawShell(client).create({ options: `${protocolVersion}<w:Option Name="PS_X" MustComply="true">1</w:Option>` }), 2152991686, 'w:InternalError');
      const lenient = new RawShell(client);
      assert.equal((await lenient.create({ options: `${protocolVersion}<w:Option Name="PS_X">1</w:Option>` })).status, 200);
      await lenient.delete();
    });

    it('knows only its own resources', async () => {
      isFault(await new RawShell(client).create({ resource: 'http://schemas.microsoft.com/powershell/PowerShell.7' }), 2150858811, 'a:DestinationUnreachable');
    });

    it('asks for creationXml', async () => {
      const answer = await client.send({ action: 'Create', options: protocolVersion, body: '<rsp:Shell><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>' });
      isFault(answer, 2152992672, 'w:InternalError');
      assert.match(answer.text, /Element 'creationXml' was not found/);
    });

    it('takes the client\'s id for the shell, in upper case, once', async () => {
      const other = new RawShell(client);
      assert.equal((await other.create({}, `ShellId="${other.id.toLowerCase()}"`)).first('Selector'), other.id);
      isFault(await other.create(), 2150859223, 'w:AlreadyExists');
      isFault(await new RawShell(client, other.id.toLowerCase()).receive(), 2150858843, 'w:InvalidSelectors');
      assert.equal((await other.delete()).status, 200);
    });

    it('refuses an idle timeout under a minute', async () => {
      isFault(await new RawShell(client).create({}, undefined, '<rsp:IdleTimeOut>PT10S</rsp:IdleTimeOut>'), 2150859250, 'w:InvalidParameter');
    });
  });

  describe('of commands', () => {
    it('stops a pipeline at powershell/signal/crtl_c, and says so in its state', async () => {
      const command = await shell.start('while ($true) { }');
      assert.equal((await shell.signal(command, 'powershell/signal/crtl_c')).status, 200);
      const messages = await shell.finish(command);
      assert.match(messages.at(-1)?.text ?? '', /<I32 N="PipelineState">3</);
      await shell.signal(command);
    });

    it('closes a command at any other signal: no state comes', async () => {
      const command = await shell.start('while ($true) { }');
      const { answer } = await shell.beginReceive(command);
      assert.equal((await shell.signal(command, 'powershell/signal/ctrl_c')).status, 200);
      isFault(await answer, 995, 'w:InternalError');
      isFault(await shell.receive(command), 2150858843, 'w:InvalidSelectors');
    });

    it('compares command ids by case', async () => {
      const command = await shell.start('1');
      isFault(await shell.receive(command.toLowerCase()), 2150858843, 'w:InvalidSelectors');
      await shell.finish(command);
      await shell.signal(command);
    });

    it('refuses a second command with the same id, streams that PowerShell lacks, and what isn\'t Base64', async () => {
      const command = await shell.start('1');
      isFault(await shell.command('1', command), 2150859222, 'w:AlreadyExists');
      isFault(await client.send({ action: 'Receive', shell: shell.id, body: `<rsp:Receive><rsp:DesiredStream CommandId="${command}">stderr</rsp:DesiredStream></rsp:Receive>` }), 2152991680, 'w:InternalError');
      isFault(await client.send({ action: 'Send', shell: shell.id, body: `<rsp:Send><rsp:Stream Name="input" CommandId="${command}">AAAA</rsp:Stream></rsp:Send>` }), 2152991678, 'w:InternalError');
      isFault(await client.send({ action: 'Send', shell: shell.id, body: `<rsp:Send><rsp:Stream Name="stdin" CommandId="${command}">!</rsp:Stream></rsp:Send>` }), 2150858819, 'w:SchemaValidationError');
      await shell.signal(command);
    });
  });

  describe('of sizes', () => {
    it('keeps each response within the MaxEnvelopeSize that the client names', async () => {
      const command = await shell.start('"x" * 200000');
      const small = await shell.receive(command, { maxEnvelope: 8192 });
      assert.equal(small.status, 200);
      assert.ok(Buffer.byteLength(small.text) <= 8192, `${Buffer.byteLength(small.text)} bytes`);
      const rest = [small.streams()];
      for (let text = small.text; !text.includes('CommandState/Done');) {
        const answer = await shell.receive(command, { maxEnvelope: 60_000 });
        assert.ok(Buffer.byteLength(answer.text) <= 60_000);
        rest.push(answer.streams());
        text = answer.text;
      }
      assert.ok(Buffer.concat(rest).toString('latin1').split('x').length > 200_000);
      await shell.signal(command);
    });

    it('refuses a request beyond MaxEnvelopeSizekb before it reads all of it', async () => {
      const answer = await client.send({ action: 'Send', shell: shell.id, body: `<rsp:Send><rsp:Stream Name="stdin">${'A'.repeat(600_000)}</rsp:Stream></rsp:Send>` });
      assert.equal(answer.status, 413);
      assert.equal(answer.text, '');
    });
  });

  describe('of quotas', () => {
    it('counts shells, commands of a shell, and operations of a user', async () => {
      using narrow = new SoapClient(listener.server('narrow'), listener.credentials('labadmin'));
      const only = new RawShell(narrow);
      await only.open();
      isFault(await new RawShell(narrow).create(), 2150859173, 'w:QuotaLimit');
      const first = await only.start('1');
      const second = await only.start('2');
      isFault(await only.command('3'), 2150859241, 'w:InternalError');
      await only.finish(first);
      const waiting = only.receive(undefined, { timeout: 'PT3S' });
      isFault(await new Promise<SoapAnswer>((resolve, reject) => {
        // The pool's Receive is under way once a third operation more is one too many.
        const look = (): void => { only.receive(second).then((answer) => { if (answer.code === 2150859174) resolve(answer); else setTimeout(look, 20); }, reject); };
        look();
      }), 2150859174, 'w:QuotaLimit');
      await waiting;
      assert.equal((await only.signal(first)).status, 200);
      assert.equal((await only.delete()).status, 200);
    });
  });

  describe('of access', () => {
    it('tells the configuration to administrators only', async () => {
      assert.match((await client.send({ action: 'Get', resource: config })).text, /MaxEnvelopeSizekb[^>]*>500</);
      using operator = new SoapClient(listener.server('bare'), listener.credentials('operator'));
      isFault(await operator.send({ action: 'Get', resource: config }), 5, 'w:AccessDenied');
      const own = new RawShell(operator);
      assert.equal((await own.create()).status, 200);
      isFault(await new RawShell(operator, shell.id).receive(), 5, 'w:AccessDenied');
      await own.delete();
    });

    it('gives shells to nobody outside both groups', async () => {
      using guest = new SoapClient(listener.server('bare'), listener.credentials('guest'));
      isFault(await new RawShell(guest).create(), 5, 'w:AccessDenied');
    });

    it('answers 401 to a wrong password, with what it offers', async () => {
      using wrong = new SoapClient(listener.server('bare'), 'CONTOSO\\labadmin:wrong');
      assert.equal((await wrong.send({ action: 'Get', resource: config })).status, 401);
    });
  });

  describe('of envelopes', () => {
    it('refuses a header that must be understood and isn\'t', async () => {
      isFault(await client.send({ action: 'Get', resource: config, headers: '<q:Odd xmlns:q="urn:q" s:mustUnderstand="true"/>' }), 2150858768, 's:MustUnderstand');
      assert.equal((await client.send({ action: 'Get', resource: config, headers: '<q:Odd xmlns:q="urn:q"/>' })).status, 200);
    });

    it('refuses what is no XML, an action that it lacks, and a document type', async () => {
      isFault(await client.post('<s:Envelope'), 2150858819, 'w:SchemaValidationError');
      isFault(await client.send({ action: 'Rename', shell: shell.id }), 2150858771, 'a:ActionNotSupported');
      isFault(await client.post(`<!DOCTYPE x [<!ENTITY e "e">]>${client.envelope({ action: 'Get', resource: config })}`), 2150858819, 'w:SchemaValidationError');
    });
  });

  describe('of operations that are sent again', () => {
    const operation = (again: boolean, id: string): { operation: { id: string; again: boolean } } => ({ operation: { id, again } });

    it('runs each once and repeats its response', async () => {
      const id = `uuid:${newId()}`;
      const command = newId();
      const body = `<rsp:CommandLine CommandId="${command}"><rsp:Command /><rsp:Arguments>${pipeline(shell.id, command, '"once"')}</rsp:Arguments></rsp:CommandLine>`;
      const first = await client.send({ action: 'Command', shell: shell.id, body, ...operation(false, id) });
      assert.equal(first.first('CommandId'), command);
      assert.equal(first.first('OperationID'), id);
      assert.equal((await client.send({ action: 'Command', shell: shell.id, body, ...operation(true, id) })).first('CommandId'), command);
      const received = `uuid:${newId()}`;
      const message = { action: 'Receive', shell: shell.id, body: `<rsp:Receive><rsp:DesiredStream CommandId="${command}">stdout</rsp:DesiredStream></rsp:Receive>` };
      const output = await client.send({ ...message, ...operation(false, received) });
      const again = await client.send({ ...message, ...operation(true, received) });
      assert.ok(output.streams().length > 0);
      assert.deepEqual(again.streams(), output.streams());
      await shell.signal(command);
    });

    it('refuses an id that is used for something new', async () => {
      const id = `uuid:${newId()}`;
      assert.equal((await client.send({ action: 'Get', resource: config, ...operation(false, id) })).status, 200);
      isFault(await client.send({ action: 'Get', resource: config, ...operation(false, id) }), 2150858767, 'a:InvalidMessageInformationHeader');
    });

    it('keeps the output of a Receive whose connection was lost for whoever asks again', async () => {
      const command = await shell.start('[System.Threading.Thread]::Sleep(700); "late"');
      const { answer, id } = await shell.beginReceive(command);
      await listener.drop();
      await assert.rejects(answer);
      assert.match((await shell.receive(command, operation(true, id))).streams().toString('latin1'), /<S>late<\/S>/);
      await shell.signal(command);
    });
  });

  it('has a text shell beside it that knows no disconnecting', async () => {
    const created = await client.send({ action: 'Create', resource: cmd, body: '<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>' });
    const id = created.first('Selector');
    isFault(await client.send({ action: 'Disconnect', resource: cmd, shell: id, body: '<rsp:Disconnect/>' }), 2150859205, 'w:InvalidSelectors');
    isFault(await client.send({ action: 'Receive', shell: id, body: '<rsp:Receive><rsp:DesiredStream>stdout</rsp:DesiredStream></rsp:Receive>' }), 2150858843, 'w:InvalidSelectors');
    assert.equal((await client.send({ action: 'Delete', resource: cmd, shell: id })).status, 200);
  });

  it('opens a pool from fragments that its creationXml only begins', async () => {
    const late = new RawShell(client);
    const opening = Buffer.from(poolOpening(late.id), 'base64');
    const first = 21 + opening.readUInt32BE(17);
    const creation = client.send({ action: 'Create', options: protocolVersion, body: `<rsp:Shell ShellId="${late.id}"><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams><creationXml xmlns="http://schemas.microsoft.com/powershell">${opening.subarray(0, first).toString('base64')}</creationXml></rsp:Shell>` });
    assert.equal((await creation).status, 200);
    assert.equal((await client.send({ action: 'Send', shell: late.id, body: `<rsp:Send><rsp:Stream Name="stdin">${opening.subarray(first).toString('base64')}</rsp:Stream></rsp:Send>` })).status, 200);
    for (;;) {
      const answer = await late.receive();
      assert.equal(answer.status, 200, answer.text);
      if (answer.streams().toString('latin1').includes('RunspaceState">2<')) break;
    }
    await late.delete();
  });
});

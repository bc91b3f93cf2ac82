import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ServerConnection } from '../../src/session.ts';
import { deferred, failure, FakeConnection } from '../unit/providers/fakes.ts';
import { eventually } from './support/eventually.ts';
import { activate } from './support/extension.ts';
import { serversFile, testFleet } from './support/fleet.ts';

type Tree = ReturnType<typeof testFleet>['tree'];
const label = (item: vscode.TreeItem): string => typeof item.label === 'string' ? item.label : item.label?.label ?? '';

/** The items of one level, in order. */
async function items(tree: Tree, parent?: Parameters<Tree['getTreeItem']>[0]): Promise<vscode.TreeItem[]> {
  return (await tree.getChildren(parent)).map((element) => tree.getTreeItem(element));
}

describe('tree of servers', () => {
  const open: { dispose(): void }[] = [];
  const make = (...args: Parameters<typeof testFleet>): ReturnType<typeof testFleet> => {
    const made = testFleet(...args);
    open.push(made);
    return made;
  };
  afterEach(() => { for (const one of open.splice(0)) one.dispose(); });

  it('shows the servers of the workspace', async () => {
    const { tree } = await activate();
    const shown = await eventually('the servers of the workspace', async () => {
      const found = await items(tree);
      return found.length > 0 && found;
    });
    assert.deepEqual(shown.map(label), ['SYNC01']);
    assert.equal(shown[0]?.description, 'not connected');
    assert.match(shown[0].contextValue ?? '', /^server disconnected/);
  });

  it('shows groups, servers, and an entry with an error as what it is', async () => {
    const { tree } = make('version: 1\ndefaults: { transport: ssh, role: active, user: engineer }\nservers:\n  - { name: LONE, host: h }\n  - { name: BAD }\ngroups:\n  - name: Europe\n    servers:\n      - { name: EU1, host: h1 }\n', () => Promise.reject(new Error('no')));
    const top = await tree.getChildren();
    const shown = top.map((element) => tree.getTreeItem(element));
    assert.deepEqual(shown.map(label), ['LONE', 'BAD', 'Europe']);
    assert.deepEqual(shown.map((item) => item.contextValue), ['server disconnected', 'broken', 'group']);
    assert.deepEqual((await items(tree, top[2])).map(label), ['EU1']);
  });

  it('answers at once while one server hangs, and lets the others connect', async () => {
    const never = deferred<ServerConnection>();
    const { fleet, tree } = make(serversFile('DEAD', 'FINE'), (target) => target.name === 'DEAD' ? never.promise : Promise.resolve(new FakeConnection()));
    const [dead, fine] = fleet.members;
    const hanging = dead!.owner.connect();
    assert.equal(await fine!.owner.connect(), true);
    const shown = await items(tree);
    assert.deepEqual(shown.map((item) => item.description), ['connecting …', 'connected']);
    assert.match(shown[0]?.contextValue ?? '', /connecting/);
    dead!.owner.cancel();
    never.reject(new DOMException('cancelled', 'AbortError'));
    assert.equal(await hanging, false);
    assert.equal((await items(tree))[0]?.description, 'not connected');
  });

  it('draws only the server again that changed', async () => {
    const { fleet, tree } = make(serversFile('A', 'B'), () => Promise.resolve(new FakeConnection()));
    const [a] = await tree.getChildren();
    const drawn: unknown[] = [];
    tree.onDidChangeTreeData((element) => drawn.push(element));
    await fleet.members[0]!.owner.connect();
    await eventually('a refresh', () => drawn.length > 0);
    assert.ok(drawn.every((element) => element === a), 'something else was drawn as well');
  });

  it('keeps ids and state when the file changes around a server', async () => {
    const { fleet, tree, edit } = make(serversFile('A', 'B'), () => Promise.resolve(new FakeConnection()));
    await fleet.members[1]!.owner.connect();
    const before = (await items(tree))[1];
    edit(serversFile('A', 'B', 'C'));
    const after = await items(tree);
    assert.equal(after[1]?.id, before?.id);
    assert.equal(after[1]?.description, 'connected');
    assert.deepEqual(after.map(label), ['A', 'B', 'C']);
  });

  it('disconnects a server that the file moved elsewhere', async () => {
    const connection = new FakeConnection();
    const { fleet, edit } = make(serversFile('A'), () => Promise.resolve(connection));
    await fleet.members[0]!.owner.connect();
    edit(serversFile('A').replace('10.0.0.1', '10.0.0.9'));
    await connection.closed;
    assert.equal(fleet.members[0]!.owner.state.connection.kind, 'disconnected');
    assert.equal(fleet.members[0]!.owner.server.target.host, '10.0.0.9');
  });

  it('says on the node why connecting failed and what to do next', async () => {
    const { fleet, tree } = make(serversFile('A'), () => Promise.reject(Object.assign(new Error('x'), { failure: failure('Port 22 is closed.') })));
    assert.equal(await fleet.members[0]!.owner.connect(), false);
    const [server] = await tree.getChildren();
    assert.equal(tree.getTreeItem(server!).description, 'could not connect');
    assert.deepEqual((await items(tree, server)).map(label), ['Port 22 is closed.', 'Connect again.']);
  });

  it('makes tooltips late, and nothing of a server in them is markup', async () => {
    const { fleet, tree } = make(serversFile('A'), () => Promise.reject(Object.assign(new Error('x'), { failure: failure('[click](command:evil) <img src=x> $(error)') })));
    await fleet.members[0]!.owner.connect();
    const [server] = await tree.getChildren();
    const [problem] = await tree.getChildren(server);
    const item = tree.getTreeItem(problem!);
    assert.equal(item.tooltip, undefined);
    const { tooltip } = tree.resolveTreeItem(item, problem!);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.notEqual(tooltip.isTrusted, true);
    assert.notEqual(tooltip.supportHtml, true);
    assert.doesNotMatch(tooltip.value, /[^\\]\[click[^\\]\]\(|<img|[^\\]\$\(error/);
  });

  it('tells a screen reader what the server is and how it stands', async () => {
    const { tree } = make(serversFile('A'), () => Promise.reject(new Error('no')));
    assert.equal((await items(tree))[0]?.accessibilityInformation?.label, 'Server A, not connected');
  });

  it('stays quick with two hundred servers', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `S${n}`);
    const { fleet, tree } = make(serversFile(...names), () => Promise.resolve(new FakeConnection()));
    await Promise.all(fleet.members.map((member) => member.owner.connect()));
    assert.equal((await items(tree)).filter((item) => item.description === 'connected').length, 200);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One test by its file below `test` and its title's beginning. */
type Proof = readonly [file: string, title: string];

/** What people complain about in tools of this kind, and the tests that show that it does not apply here. */
const complaints: Readonly<Record<string, readonly Proof[]>> = {
  'Any SSH host key is accepted, and the password is asked for before anybody looked at it': [
    ['protocol/ssh/first-contact.test.ts', 'is its host key: no password is asked for'],
    ['lab/ssh-host-key.test.ts', 'connects to nobody whose key was not trusted'],
    ['unit/ssh/host-trust.test.ts', 'fails closed where known_hosts is there but cannot be read'],
    ['unit/ssh/host-trust.test.ts', 'refuses a revoked key even where it is recorded or pinned'],
    ['unit/ssh/pins.test.ts', 'writes files and folder that only the person may read'],
  ],
  'A host key that changed gives an error that nobody understands': [
    ['protocol/ssh/first-contact.test.ts', 'a server with another key than before is refused in words that help'],
    ['unit/ssh/host-trust.test.ts', 'refuses another key with both fingerprints'],
    ['unit/ssh/host-trust.test.ts', 'refuses another key than the pinned one and names the pin\'s file'],
  ],
  'Passwords lie readable in settings or files': [
    ['unit/inventory/secrets.test.ts', 'have no place in the servers file\'s format or in the settings'],
    ['unit/language-server/diagnostics.test.ts', 'hand a secret to the client\'s command'],
    ['vscode/language.test.ts', 'moves a secret into the secret storage by its quick fix'],
    ['vscode/passwords.test.ts', 'are in the secret storage and nowhere else'],
  ],
  'The password is asked for every time': [
    ['unit/providers/accountPasswords.test.ts', 'are asked once for twenty servers'],
    ['unit/providers/link.test.ts', 'opens one connection however many ask for it'],
    ['unit/providers/owner.test.ts', 'offers to keep what was typed only after the connection proved it'],
    ['protocol/ssh/methods.test.ts', 'use the agent without a question'],
    ['protocol/auth/kerberos.test.ts', 'is what Negotiate takes where there is a ticket'],
  ],
  'One slow server freezes the whole tree': [
    ['unit/providers/manyServers.test.ts', 'of which fifty are dead: the others are all read meanwhile'],
    ['unit/providers/fleetDiagnosis.test.ts', 'lets no dead server hold up another'],
    ['unit/providers/keyedQueue.test.ts', 'does not let one key wait for another'],
    ['vscode/tree.test.ts', 'answers at once while one server hangs'],
    ['vscode/tree.test.ts', 'draws only the server again that changed'],
  ],
  'An attempt to connect cannot be cancelled, and its spinner turns for ever': [
    ['unit/providers/link.test.ts', 'cancels an attempt and is disconnected afterwards'],
    ['unit/providers/link.test.ts', 'closes a connection that arrives after it was cancelled'],
    ['unit/providers/manyServers.test.ts', 'ends an attempt that never comes to an end'],
    ['ui/servers.test.ts', 'cancels on its node the connection to a server that never answers'],
  ],
  'Connections drop, nothing keeps them alive, and the tool nags about it': [
    ['unit/providers/link.test.ts', 'takes the end of an idle connection for no error'],
    ['unit/providers/link.test.ts', 'says that the connection was lost, why, and connects again at the next use'],
    ['lab/ssh-session.test.ts', 'stay open over keep-alives that are answered'],
    ['protocol/wsman/shell.test.ts', 'is kept awake while nothing runs in it'],
    ['unit/run/interruptions.test.ts', 'the connection lost before each script of each step'],
  ],
  'ssh_config, jump hosts and agents are ignored': [
    ['unit/ssh/agent.test.ts', 'on Windows: its own agent\'s pipe, and Pageant\'s of this person only'],
    ['unit/ssh/config/settings.test.ts', 'includes files by pattern'],
    ['protocol/ssh/jump.test.ts', 'follow ProxyJump of ssh_config with each host\'s own settings'],
    ['protocol/ssh/proxy-command.test.ts', 'carries the connection'],
    ['protocol/ssh/methods.test.ts', 'let the agent sign with a key whose file is locked'],
  ],
  'The tree forgets what was expanded and selected': [
    ['vscode/tree.test.ts', 'keeps ids and state when the file changes around a server'],
  ],
  'Every run opens a terminal of its own, and takes the focus': [
    ['vscode/terminal.test.ts', 'is one terminal however often it is shown, and does not take the focus'],
  ],
  'A large log makes the viewer unusable': [
    ['unit/events/large-log.test.ts', 'is shown a window at a time: only the rows in view are made'],
    ['unit/events/event-view.test.ts', 'works in slices while events come in and go'],
    ['ui/eventPage.test.ts', 'reaches every one of three million rows'],
  ],
  'No filter, no following, and a filter tears entries of several lines apart': [
    ['unit/events/large-log.test.ts', 'is filtered by whole events'],
    ['unit/events/large-log.test.ts', 'stays where one reads while events come in'],
    ['ui/eventPage.test.ts', 'stays where one reads while events stream in'],
  ],
  'The keyboard and a screen reader do not reach the grid': [
    ['ui/eventPage.test.ts', 'is a grid with one tab stop that says how many rows and columns there are'],
    ['ui/eventPage.test.ts', 'passes axe with rows'],
    ['vscode/tree.test.ts', 'tells a screen reader what the server is and how it stands'],
  ],
  'Nobody knows in which time zone a time is shown': [
    ['unit/providers/eventPages.test.ts', 'shows every time with its offset'],
    ['unit/events/export.test.ts', 'keeps Windows\' steps of 100 ns'],
    ['ui/eventPage.test.ts', 'always says whose clock it shows'],
  ],
  'Filters are gone at each opening, refreshing loses events, a view cannot be shared': [
    ['unit/providers/eventPages.test.ts', 'come back as they were written, one a name'],
    ['unit/events-reading/tail-events.test.ts', 'is taken up again behind the last event that was given'],
    ['unit/events/event-store.test.ts', 'ignores an event that it holds'],
    ['ui/eventPage.test.ts', 'comes back as it was: filter'],
  ],
  'Remote PowerShell hangs where a script asks something, and a second hop fails without a reason': [
    ['unit/remote/host-answers.test.ts', 'is explained where it is met'],
    ['protocol/engine.test.ts', 'that nobody answers are refused at once, and the script goes on'],
    ['protocol/session.test.ts', 'answers host calls, refuses what nobody answers'],
    ['unit/run/gates.test.ts', 'a database on another server'],
  ],
  'It slows the start of the editor down': [
    ['unit/package/budgets.test.ts', 'loads at most 60 KiB of code before anything is used'],
    ['vscode/activation.test.ts', 'works from the extension\'s own entry'],
  ],
  'Commands of the palette do nothing until something else was opened': [
    ['vscode/commands.test.ts', 'are all registered'],
    ['ui/servers.test.ts', 'asks from the palette which server to connect to'],
  ],
};

const titles = new Map<string, readonly string[]>();

/** Titles of the tests of one file, as far as they are written out. */
function titlesOf(file: string): readonly string[] {
  const known = titles.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(file, readFileSync(join(process.cwd(), 'test', file), 'utf8'), ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'it') {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) found.push(title.text);
    }
    node.forEachChild(visit);
  };
  visit(source);
  titles.set(file, found);
  return found;
}

describe('what people complain about in such tools', () => {
  for (const [complaint, proofs] of Object.entries(complaints)) {
    it(`does not apply, and tests of that name show it: ${complaint}`, () => {
      assert.ok(proofs.length > 0);
      for (const [file, title] of proofs) assert.equal(titlesOf(file).filter((one) => one.startsWith(title)).length, 1, `${file}: ${title}`);
    });
  }
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { stepIds } from '../../src/connect/ids.ts';
import { allCommands, commandCategory, commands, contextKeys, modelTools, planCommand, runnablePlans, serversLanguage, settings, stepCommand, taskType, views } from '../../src/providers/ids.ts';

interface Menu { readonly command?: string; readonly submenu?: string; readonly when?: string; readonly group?: string }
interface WalkthroughStep { readonly id: string; readonly media: { readonly svg?: string; readonly image?: string; readonly altText: string }; readonly completionEvents: readonly string[] }
interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly categories: readonly string[];
  readonly icon: string;
  readonly l10n: string;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly submenus: readonly { readonly id: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly taskDefinitions: readonly { readonly type: string; readonly required: readonly string[]; readonly properties: Readonly<Record<string, unknown>> }[];
    readonly languageModelTools: readonly { readonly name: string; readonly when: string; readonly modelDescription: string }[];
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly WalkthroughStep[] }[];
    readonly languages: readonly { readonly id: string; readonly filenamePatterns: readonly string[]; readonly configuration: string }[];
    readonly grammars: readonly { readonly language: string; readonly path: string }[];
    readonly yamlValidation: readonly { readonly fileMatch: string; readonly url: string }[];
    readonly terminal: { readonly profiles: readonly { readonly id: string }[] };
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly scope?: string; readonly markdownDescription: string }>> }[];
  };
}

const root = process.cwd();
const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const nlsText = readFileSync(join(root, 'package.nls.json'), 'utf8');
const nls = JSON.parse(nlsText) as Record<string, string>;
const { contributes } = manifest;

const sources = ['src/extension.ts', ...readdirSync(join(root, 'src', 'providers'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts')).map((file) => join('src', 'providers', file))]
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** Every context that the tree gives a node, at least one of each shape. */
const contexts = [
  'server disconnected', 'server failed', 'server lost', 'server connecting', 'server connected', 'server connected diagnosing', 'server connected running', 'server connected running waiting',
  'server connected repairable', 'server connected interrupted', 'server connected held', 'unfinished', 'unfinished held', 'evidence', 'broken', 'group', 'findings', 'finding', 'finding repairable', 'plan', 'plan refused', 'task', 'run', 'run live', 'runs', 'steps', 'fact', 'connector',
  ...stepIds.flatMap((step) => [`step ${step} idle`, `step ${step} pending`, `step ${step} failed`]),
];

/** What ends a step of a walkthrough, by the kind of event. */
function completions(kind: string): string[] {
  return contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents)).filter((event) => event.startsWith(`${kind}:`)).map((event) => event.slice(kind.length + 1));
}

const whens = [
  ...Object.values(contributes.menus).flatMap((menu) => menu.map((item) => item.when)),
  ...contributes.viewsWelcome.map((welcome) => welcome.when), ...completions('onContext'), ...contributes.commands.map((command) => command.enablement),
].filter((when) => when !== undefined);

const same = (actual: Iterable<string>, expected: Iterable<string>): void => { assert.deepEqual([...new Set(actual)].sort(), [...new Set(expected)].sort()); };

describe('manifest', () => {
  it('declares exactly the commands that the code registers, each in the category', () => {
    const declared = contributes.commands.map((command) => command.command);
    same(declared, allCommands());
    assert.equal(new Set(declared).size, declared.length);
    for (const command of contributes.commands) assert.equal(command.category, commandCategory, command.command);
  });

  it('handles every command that it declares, once, and no other', () => {
    const handled = sources.filter(({ file }) => file.startsWith(join('src', 'providers', 'commands'))).flatMap(({ text }) => [...text.matchAll(/\bregister\(commands\.(\w+),/g)].map(([, name = '']) => name));
    same(handled, Object.keys(commands));
    assert.equal(new Set(handled).size, handled.length);
    const work = sources.find(({ file }) => file.endsWith('workCommands.ts'))?.text ?? '';
    assert.match(work, /for \(const \w+ of stepIds\)[^;]*register\(stepCommand\(/);
    assert.match(work, /for \(const \w+ of runnablePlans\)[^;]*register\(planCommand\(/);
  });

  it('declares exactly the tools of language models that the code answers, all behind the setting that is off', () => {
    same(contributes.languageModelTools.map(({ name }) => name), Object.values(modelTools));
    const setting = `${settings.section}.${settings.modelTools}`;
    for (const { name, when } of contributes.languageModelTools) assert.equal(when, `config.${setting}`, name);
    const declared = contributes.configuration.flatMap((page) => Object.entries(page.properties)).find(([name]) => name === setting)?.[1] as { readonly default?: unknown; readonly scope?: string } | undefined;
    assert.equal(declared?.default, false);
    assert.equal(declared.scope, 'application', 'a workspace must not be able to turn them on');
  });

  it('declares exactly the tasks that the code provides', () => {
    same(contributes.taskDefinitions.map(({ type }) => type), [taskType]);
    for (const { required, properties } of contributes.taskDefinitions) same(required, Object.keys(properties));
  });

  it('has a command for every step and every plan, in the submenus as well', () => {
    const submenu = (id: string): string[] => (contributes.menus[id] ?? []).map((item) => item.command ?? '');
    same(submenu('entraConnect.steps'), stepIds.map(stepCommand));
    same(submenu('entraConnect.plans'), runnablePlans.map(planCommand));
    same(contributes.submenus.map((menu) => menu.id), ['entraConnect.steps', 'entraConnect.plans']);
  });

  it('offers every step on the nodes of that step', () => {
    const items = contributes.menus['view/item/context'] ?? [];
    for (const step of stepIds) {
      assert.ok(items.some((item) => item.command === stepCommand(step) && matches(item.when ?? '', `step ${step} failed`)), step);
      assert.ok(!items.some((item) => item.command === stepCommand(step) && stepIds.some((other) => other !== step && matches(item.when ?? '', `step ${other} failed`))), step);
    }
  });

  it('names in menus only commands and submenus that it declares', () => {
    const known = new Set([...allCommands(), ...contributes.submenus.map((menu) => menu.id)]);
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const item of items) assert.ok(known.has(item.command ?? item.submenu ?? ''), `${menu}: ${JSON.stringify(item)}`);
    }
  });

  it('matches with each viewItem condition some node that the tree has', () => {
    for (const item of contributes.menus['view/item/context'] ?? []) {
      assert.ok(contexts.some((context) => matches(item.when ?? '', context)), item.when);
    }
  });

  it('gives a node two icons at most', () => {
    for (const context of contexts) {
      const inline = (contributes.menus['view/item/context'] ?? []).filter((item) => item.group?.startsWith('inline') === true && matches(item.when ?? '', context));
      assert.ok(inline.length <= 2, `${context}: ${inline.map((item) => item.command).join(', ')}`);
    }
  });

  it('reads in when clauses exactly the context keys that the code sets', () => {
    same(whens.flatMap((when) => when.match(/entraConnect\.\w+/g) ?? []).filter((key) => key !== views.servers), Object.values(contextKeys));
    for (const name of Object.keys(contextKeys)) {
      assert.ok(sources.some(({ file, text }) => !file.endsWith('ids.ts') && text.includes(`contextKeys.${name}`)), `nobody sets contextKeys.${name}`);
    }
  });

  it('declares exactly the view and the container that the code shows', () => {
    same(contributes.viewsContainers.activitybar.map((container) => container.id), [views.container]);
    same(Object.keys(contributes.views), [views.container]);
    same(Object.values(contributes.views).flat().map((view) => view.id), [views.servers]);
    for (const welcome of contributes.viewsWelcome) assert.equal(welcome.view, views.servers);
  });

  it('declares exactly the settings that the code reads, and lets only the machine choose an executable', () => {
    const properties = Object.assign({}, ...contributes.configuration.map((page) => page.properties)) as Manifest['contributes']['configuration'][number]['properties'];
    const { section, ...names } = settings;
    same(Object.keys(properties), Object.values(names).map((name) => `${section}.${name}`));
    assert.equal(properties[`${section}.${settings.localPowerShell}`]?.scope, 'machine');
    assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(`${section}.${settings.localPowerShell}`));
    for (const name of Object.keys(names)) assert.ok(sources.some(({ file, text }) => !file.endsWith('ids.ts') && text.includes(`settings.${name}`)), `nobody reads ${name}`);
  });

  it('declares the servers file as a language, highlighted, and its schema for whoever keeps it as yaml', () => {
    same(contributes.languages.map((language) => language.id), [serversLanguage]);
    same(contributes.grammars.map((grammar) => grammar.language), [serversLanguage]);
    same(contributes.languages.flatMap((language) => language.filenamePatterns), contributes.yamlValidation.map((validation) => validation.fileMatch));
    assert.ok(sources.some(({ file, text }) => file.endsWith('serversFiles.ts') && text.includes(contributes.yamlValidation[0]?.fileMatch ?? '-')));
  });

  it('declares exactly the terminal profile that the code provides', () => {
    same(contributes.terminal.profiles.map((profile) => profile.id), [commands.prompt]);
    assert.ok(sources.some(({ file, text }) => file.endsWith('register.ts') && text.includes('registerTerminalProfileProvider(commands.prompt')));
  });

  it('uses exactly the texts that package.nls.json has', () => {
    same([...manifestText.matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1] ?? ''), Object.keys(nls));
    for (const [key, text] of Object.entries(nls)) assert.ok(text.trim() !== '', key);
  });

  it('links in welcome texts and walkthroughs only to commands that exist', () => {
    const linked = [...nlsText.matchAll(/\(command:([\w.]+)/g)].map(([, command = '']) => command);
    assert.ok(linked.length > 10);
    for (const command of [...linked, ...completions('onCommand')]) {
      assert.ok(allCommands().includes(command) || ['extension.open', `${views.servers}.focus`].includes(command) || command.startsWith('workbench.'), command);
    }
    for (const [, walkthrough = ''] of nlsText.matchAll(/openWalkthrough\?([^)]+)/g)) {
      assert.ok(contributes.walkthroughs.some(({ id }) => decodeURIComponent(walkthrough) === `"${manifest.publisher}.${manifest.name}#${id}"`), walkthrough);
    }
  });

  it('ends each step of a walkthrough with something that the step itself offers', () => {
    const { steps } = contributes.walkthroughs[0]!;
    assert.ok(steps.length >= 4 && steps.length <= 6);
    for (const { id, completionEvents, media } of steps) {
      assert.ok(completionEvents.length > 0 && completionEvents.every((event) => /^on(Context|Command):/.test(event)), id);
      for (const event of completionEvents) if (event.startsWith('onCommand:')) assert.ok(nls[`walkthrough.${id}`]?.includes(`command:${event.slice(10)}`) === true || event.endsWith('showEvidence'), `${id}: ${event}`);
      assert.match(media.altText, /^%.*%$/);
    }
  });

  it('says what to do in every state without servers, with buttons that do it', () => {
    const states = contributes.viewsWelcome.flatMap(({ when }) => /entraConnect\.files == (\w+)/.exec(when)?.[1] ?? []);
    same(states, ['none', 'empty', 'broken']);
    assert.ok(contributes.viewsWelcome.some(({ when }) => when === '!isWorkspaceTrusted'));
    for (const { contents } of contributes.viewsWelcome) assert.match(nls[contents.slice(1, -1)] ?? '', /\n\[[^\]]+\]\(command:/, contents);
  });

  it('names files that exist', () => {
    const files = [manifest.icon, manifest.l10n, ...contributes.viewsContainers.activitybar.map((c) => c.icon), ...Object.values(contributes.views).flat().map((v) => v.icon),
      ...contributes.languages.map((l) => l.configuration), ...contributes.grammars.map((g) => g.path), ...contributes.yamlValidation.map((y) => y.url),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg ?? media.image ?? ''))];
    for (const file of files) assert.ok(existsSync(join(root, file)), file);
  });

  it('translates exactly the texts that the code shows', () => {
    const bundle = JSON.parse(readFileSync(join(root, manifest.l10n, 'bundle.l10n.json'), 'utf8')) as Record<string, string>;
    same(Object.keys(bundle), sources.flatMap(({ file, text }) => shownTexts(file, text)));
    for (const [key, text] of Object.entries(bundle)) assert.equal(text, key);
  });

  it('keeps command ids, context keys and setting keys in one file', () => {
    for (const { file, text } of sources) {
      if (!file.endsWith('ids.ts')) assert.doesNotMatch(text, /['"`]entraConnect\.(?!password|keptPasswords|machine|runs|client)\w/, file);
    }
  });
});

/** Evaluates the viewItem parts of a when clause; everything else counts as true. */
function matches(when: string, context: string): boolean {
  return when.split(' && ').every((part) => {
    const negated = part.startsWith('!(');
    const body = negated ? part.slice(2, -1) : part;
    const pattern = /^viewItem =~ \/(.*)\/$/.exec(body)?.[1];
    const literal = /^viewItem == '?([^']*)'?$/.exec(body)?.[1];
    const result = pattern !== undefined ? new RegExp(pattern).test(context) : literal !== undefined ? literal === context : true;
    return negated ? !result : result;
  });
}

/** The first argument of every call of l10n's t, however it is named. */
function shownTexts(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)t$/.test(node.expression.getText())) {
      const [first] = node.arguments;
      assert.ok(first !== undefined && ts.isStringLiteralLike(first), `${file}: the text of l10n.t must be a literal: ${node.getText()}`);
      found.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

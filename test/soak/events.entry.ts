// A million events of a simulated server in the viewer of a real VS Code, and how long a person waits for what they do meanwhile.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/vscode/root.mjs';
import { answerDialog } from '../ui/support/dialog.ts';
import { eventPage, eventRow, waitForEvents } from '../ui/support/eventViewer.ts';
import { quickInput, runCommand } from '../ui/support/input.ts';
import { startPractice } from '../ui/support/practice.ts';
import { expandRow, openViewContainer, treeRow } from '../ui/support/views.ts';
import { openWorkbench } from '../ui/support/workbench.ts';
import { isWithin, median, table, type EventFigure } from './events/figures.ts';
import { filterByField, filterByLevel, isReading, loaded, pageDown, scrollTo, search, sortBy } from './events/page.ts';
import { ownQuery } from './events/own-query.ts';
import { takePictures } from './events/pictures.ts';
import { HostProbe } from './events/probe.ts';

const scenario = 'key-lost-current';
/** A busy machine with two cores. */
const patience = 600_000;
/** Groups of the tree that are opened while events stream in: each asks the extension for its servers. */
const groups = 400;
/** Rest between two measurements: what one leaves to be counted must not be in the next. */
const rest = 2_000;

/** The scenario with so many generated events instead of its own few. */
function withEvents(folder: string, count: number): string {
  const content = JSON.parse(readFileSync(join(root, 'lab', 'scenarios', `${scenario}.json`), 'utf8')) as { events: { generate?: object }[] };
  const events = [...content.events.filter(({ generate }) => generate === undefined), { generate: { count, seed: 7 } }];
  const file = join(folder, `${scenario}.json`);
  writeFileSync(file, JSON.stringify({ ...content, events }));
  return file;
}

/** Servers that are never connected to, each in a group of its own. */
function manyGroups(): string {
  return `version: 1\ndefaults: { transport: ssh, role: active, user: engineer }\ngroups:\n${Array.from({ length: groups }, (_, n) => `  - { name: Site ${n}, servers: [{ name: SITE${n}, host: 10.0.0.1 }] }\n`).join('')}`;
}

/** Opens one more group; milliseconds until its server is shown. */
async function openGroup(page: Page, at: number): Promise<number> {
  const named = (name: string): Locator => page.locator('.sidebar').getByRole('treeitem').filter({ has: page.locator('.label-name').getByText(name, { exact: true }) });
  const row = named(`Site ${at}`);
  // Rows out of sight do not exist: the wheel brings it up.
  const box = await page.locator('.sidebar').boundingBox();
  await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 300);
  // With room for its server below it.
  const inSight = async (): Promise<boolean> => {
    const place = await row.isVisible() ? await row.boundingBox() : null;
    return place !== null && box !== null && place.y + 3 * place.height < box.y + box.height;
  };
  for (let n = 0; n < 200 && !await inSight(); n++) {
    await page.mouse.wheel(0, 66);
    await page.waitForTimeout(50);
  }
  const start = performance.now();
  await row.locator('.monaco-tl-twistie').click();
  await named(`SITE${at}`).waitFor();
  const took = performance.now() - start;
  await row.locator('.monaco-tl-twistie').click();
  return took;
}

async function frameOf(page: Page): Promise<Frame> {
  const body = await eventPage(page).locator('body').elementHandle();
  const frame = await body.ownerFrame();
  if (frame === null) throw new Error('the viewer has no frame');
  return frame;
}

/** Runs the whole of it; true where every budget of the design is kept. */
export async function soakEvents(count: number, probeVsix: string, print: (line: string) => void): Promise<boolean> {
  const ends: (() => unknown)[] = [];
  const figures: EventFigure[] = [];
  const add = (figure: EventFigure): void => {
    figures.push(figure);
    print(`${figure.what}: ${figure.values.map((value) => value.toFixed(1)).join(' ')} ${figure.unit}`);
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'million-'));
    ends.push(() => { rmSync(folder, { recursive: true, force: true }); });
    const practice = await startPractice([withEvents(folder, count)]);
    ends.push(() => practice.stop());
    writeFileSync(join(practice.folder, 'sites.connect.yaml'), manyGroups());
    const probe = new HostProbe();
    ends.push(() => { probe.dispose(); });
    const workbench = await openWorkbench({ folder: practice.folder, env: probe.env, beside: [probeVsix], settings: { 'workbench.tree.enableStickyScroll': false } });
    ends.push(() => workbench.close(), () => workbench.screenshot('events-million-last'));
    const { page } = workbench;
    page.setDefaultTimeout(patience);
    await openViewContainer(page, 'Entra Connect');
    const server = treeRow(page, scenario).first();
    await server.hover();
    await server.getByRole('button', { name: 'Connect' }).click();
    await answerDialog(page, 'host key', 'Trust and Connect', patience);
    await server.filter({ hasText: 'encryption key lost' }).waitFor();
    await runCommand(page, 'View: Toggle Panel Visibility');
    const before = await probe.memory();

    // Groups are opened one by one while events stream in: none is open before.
    await page.locator('.sidebar').getByRole('button', { name: 'Collapse All' }).first().click();
    await expandRow(treeRow(page, 'Practice lab').first());
    await expandRow(server);

    const quiet: number[] = [];
    for (let n = 0; n < 10; n++) {
      quiet.push(await openGroup(page, n));
      await wait(250);
    }
    add({ what: 'nothing being read: a group of the tree opened', values: quiet, unit: 'ms' });
    // Back to the top, where the server is.
    await page.mouse.wheel(0, -100_000);
    await page.locator('.sidebar').getByRole('button', { name: 'Collapse All' }).first().click();
    await expandRow(treeRow(page, 'Practice lab').first());
    await expandRow(server);
    const [simulated] = practice.servers;
    if (simulated === undefined) throw new Error('there is no server');
    // The very row that a finding rests on, with nothing read yet.
    await expandRow(treeRow(page, 'Findings').first());
    await expandRow(treeRow(page, 'The encryption key is lost').first());
    const evidence = treeRow(page, 'Event 7024, Service Control Manager').first();
    await evidence.waitFor();
    const began = Date.now();
    const click = performance.now();
    await evidence.click();
    await waitForEvents(page, patience);
    add({ what: 'the page there, from the click', values: [performance.now() - click], unit: 'ms' });
    await eventPage(page).locator('.body .row .cell-id bdi').first().waitFor();
    const firstRows = performance.now() - click;
    await eventRow(page, 7024, true).waitFor();
    const askedFor = performance.now() - click;
    const recordId = Number(/Record ([\d,.]+)/.exec(await eventPage(page).locator('.details').innerText())?.[1]?.replace(/\D/g, ''));

    const frame = await frameOf(page);
    await eventPage(page).getByRole('button', { name: 'Presets…' }).click();
    await eventPage(page).getByRole('menuitem', { name: /^Everything in System and Application/ }).click();
    const scrolls: number[] = [];
    const opened: number[] = [];
    let told = Date.now();
    for (let n = 1; await isReading(frame); n++) {
      scrolls.push((await scrollTo(frame, (n * 0.618) % 1)).took);
      if (n + quiet.length < groups) opened.push(await openGroup(page, n + quiet.length));
      if (Date.now() - told > 20_000) {
        told = Date.now();
        print(`  ${((told - began) / 1000).toFixed(0)} s: ${await loaded(frame)}, extension host ${(Math.max(0, ...probe.seconds().slice(-5).map(({ rss }) => rss)) / 2 ** 20).toFixed(0)} MiB`);
      }
      await wait(250);
    }
    const readUntil = Date.now();
    add({ what: 'everything read', values: [(readUntil - began) / 1000], unit: 's' });
    add({ what: 'while reading: a jump to other rows', values: scrolls, unit: 'ms' });
    add({ what: 'while reading: a group of the tree opened', values: opened, unit: 'ms', budget: { most: 100, text: '≤ 100 ms beyond the same with nothing being read' }, way: median(quiet) });
    add({ what: 'while reading: the extension host held up', values: probe.seconds().filter(({ at, collected }) => at >= began && at <= readUntil && !collected).map(({ held }) => held), unit: 'ms', budget: { most: 100, text: '≤ 100 ms' } });

    // What a server has beside these two logs, chosen from its list.
    await eventPage(page).getByRole('button', { name: 'Presets…' }).click();
    await eventPage(page).getByRole('menuitem', { name: /^Another Log by Name/ }).click();
    await quickInput(page).getByRole('option', { name: /^Security/ }).first().click();
    await eventPage(page).getByRole('button', { name: 'Clear Filter' }).waitFor();
    await eventPage(page).getByRole('button', { name: 'Clear Filter' }).click();
    // That log is not being read yet for a moment.
    let held = '';
    for (let still = 0; still < 8; still++) {
      const now = await loaded(frame);
      if (now !== held || await isReading(frame)) still = 0;
      held = now;
      await wait(500);
    }
    print(held);
    const after = await probe.memory();
    // `1,000,013 events`, or so many of so many.
    const events = Math.max(...[...held.matchAll(/[\d,.]+/g)].map(([text]) => Number(text.replace(/\D/g, ''))));
    add({ what: 'memory of an event in the extension host', values: [(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / events], unit: 'bytes', budget: { most: 400, text: '≤ 400 bytes' } });
    add({ what: 'extension host, all of its memory', values: [after.rss / 2 ** 20], unit: 'MiB' });

    const worked = Date.now();
    const repeat = async (times: number, measure: () => Promise<number>): Promise<number[]> => {
      const values: number[] = [];
      for (let n = 0; n < times; n++) {
        values.push(await measure());
        await wait(rest);
      }
      return values;
    };
    const answers: number[] = [];
    const far = await repeat(15, async () => {
      const { took, answered } = await scrollTo(frame, Math.random());
      if (answered !== undefined) answers.push(answered);
      return took;
    });
    const way = median(answers);
    add({ what: 'of a jump: until the extension host\'s answer was in the page', values: answers, unit: 'ms' });
    add({ what: 'a jump to other rows', values: far, unit: 'ms', budget: { most: 30, text: '≤ 30 ms' }, way });
    add({ what: 'a page further down', values: await repeat(15, () => pageDown(frame)), unit: 'ms', budget: { most: 30, text: '≤ 30 ms' } });
    const levels: (readonly number[])[] = [];
    // What changes the rows has the way and a page to the screen in it, each with a budget of its own: a jump is exactly that.
    const jump = median(far);
    for (let n = 0; n < 6; n++) {
      levels.push(await filterByLevel(frame, 'Error'));
      await wait(rest);
    }
    add({ what: 'filter by level', values: levels.flatMap(([on]) => on ?? []), unit: 'ms', budget: { most: 20, text: '≤ 20 ms' }, way: jump });
    add({ what: 'level filter taken back', values: levels.flatMap(([, off]) => off ?? []), unit: 'ms', way: jump });
    add({ what: 'filter by event id', values: await repeat(6, () => filterByField(frame, '7036')), unit: 'ms', budget: { most: 20, text: '≤ 20 ms' }, way: jump });
    for (const [what, text, regex] of [['text search', 'cipher suites are', false], ['text search, nothing found', 'no such thing', false], ['regular expression', 'uptime is \\d+ seconds', true]] as const) {
      let said = '';
      add({ what, values: await repeat(4, async () => {
        const found = await search(frame, text, regex);
        ({ said } = found);
        return found.took;
      }), unit: 'ms', budget: { most: 100, text: '≤ 100 ms' }, way });
      print(`  ${said}`);
    }
    for (const column of ['time', 'id', 'provider', 'message']) add({ what: `sort by ${column}`, values: await repeat(6, () => sortBy(frame, column)), unit: 'ms', budget: { most: 60, text: '≤ 60 ms' }, way: jump });
    add({ what: 'the extension host held up', values: [probe.longestHeld(worked)], unit: 'ms', budget: { most: 100, text: '≤ 100 ms' } });

    // What came first: the event that was clicked on.
    const alone = [];
    for (let n = 0; n < 3; n++) alone.push(await ownQuery(simulated.powershell, [{ log: 'System', any: [{ recordIds: { from: recordId, to: recordId } }], limit: 1 }]));
    add({ what: 'a PowerShell started on that server', values: alone.map(({ opened }) => opened), unit: 'ms' });
    const queried = alone.map(({ events }) => events);
    add({ what: 'the same, and its own query for that event', values: queried, unit: 'ms' });
    add({ what: 'first rows, from the click', values: [firstRows], unit: 'ms', budget: { most: 1000, text: '≤ 1,000 ms beyond the server\'s own query' }, way: median(queried) });
    add({ what: 'the event that was clicked on, from the click', values: [askedFor], unit: 'ms' });

    // For the pictures: newest first, at the row that the finding rests on.
    // By keyboard: a click would scroll to a row that the tree has not made.
    await page.locator('.sidebar .monaco-list').first().focus();
    await page.keyboard.press('Home');
    await evidence.waitFor();
    await evidence.click();
    await eventRow(page, 7024, true).waitFor();
    await wait(rest);
    for (const path of await takePictures(workbench, page)) print(path);
    print(`\n${held}; load of the machine ${loadavg().map((load) => load.toFixed(1)).join(' ')}\n\n${table(figures)}`);
    return figures.every(isWithin);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

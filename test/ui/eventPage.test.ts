// The event viewer's page by keyboard, as a screen reader meets it, and against what hostile servers write.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from '../../scripts/vscode/chromium.mjs';
import { root } from '../../scripts/vscode/root.mjs';
import { ArrayModel, EndlessModel, hostileEvents, ordinaryEvents, unformatted } from './support/eventModel.ts';
import { openEventPage, type EventPage } from './support/eventPage.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The text of the cell that has the keyboard, with its row's place. */
const focused = async (page: Page): Promise<{ row: number; column: number; text: string; stops: number }> => await page.evaluate(`(() => {
  const cell = document.activeElement;
  return { row: Number(cell.closest('[role=row]')?.getAttribute('aria-rowindex')), column: Number(cell.getAttribute('aria-colindex')), text: cell.textContent,
    stops: document.querySelectorAll('.grid [tabindex="0"]').length };
})()`);
/** Waits until an expression holds in the page; its policy forbids playwright's own way. */
const until = async (page: Page, expression: string): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (await page.evaluate(expression) !== true) {
    if (Date.now() > deadline) throw new Error(`never came true: ${expression}`);
    await page.waitForTimeout(50);
  }
};
/** Puts the keyboard on the first row's first cell, once the row is there with all that it says: what is done next is done to it. */
const enterGrid = async (page: Page): Promise<void> => {
  await page.locator('.row .cell-id bdi').first().waitFor();
  await page.locator('.grid [tabindex="0"]').focus();
  await page.keyboard.press('Control+Home');
  await page.locator('.row[aria-rowindex="2"]:has(.cell-id bdi) .cell:focus').waitFor();
};
/** Whether the row with the keyboard can be seen, for `until`. */
const inSight = `(() => {
  const [row, head, grid] = ['.row[aria-selected="true"]', '.grid [role=columnheader]', '.grid'].map((one) => document.querySelector(one).getBoundingClientRect());
  return row.top >= head.bottom - 1 && row.bottom <= grid.bottom + 1;
})()`;
const said = (page: Page, text: string | RegExp): Promise<void> => page.locator('.live').filter({ hasText: text }).waitFor({ state: 'attached' });
const rowOf = (page: Page, text: string | RegExp): ReturnType<Page['locator']> => page.locator('.body .row').filter({ hasText: text });

describe('the event page', function () {
  this.timeout(60_000);
  let browser: Browser;
  let open: EventPage | undefined;
  before(async () => { browser = await startChromium(); });
  after(async () => { await browser.close(); });
  afterEach(async () => {
    const errors = open?.errors ?? [];
    await open?.close();
    open = undefined;
    assert.deepEqual(errors, []);
  });
  const show = async (...args: Parameters<typeof openEventPage> extends [unknown, ...infer Rest] ? Rest : never): Promise<EventPage> => open = await openEventPage(browser, ...args);

  it('is a grid with one tab stop that says how many rows and columns there are and where one is', async () => {
    const { page } = await show(new ArrayModel(ordinaryEvents(5000)));
    const grid = page.getByRole('grid', { name: 'Events' });
    assert.equal(await grid.getAttribute('aria-rowcount'), '5001');
    assert.equal(await grid.getAttribute('aria-colcount'), '6');
    await enterGrid(page);
    assert.deepEqual(await focused(page).then(({ row, column, stops }) => [row, column, stops]), [2, 1, 1]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await focused(page).then(({ row, column, stops }) => [row, column, stops]), [3, 2, 1]);
    await page.keyboard.press('Control+End');
    await until(page, `document.activeElement.closest('[role=row]').getAttribute('aria-rowindex') === '5001'`);
    await page.keyboard.press('Home');
    await page.keyboard.press('PageUp');
    const up = await focused(page);
    assert.ok(up.row < 4995 && up.row > 4950, String(up.row));
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowUp');
    assert.deepEqual(await focused(page).then(({ row, column }) => [row, column]), [1, 1]);
    // Rows far away do not exist as elements.
    assert.ok(await page.locator('.body .row').count() < 80);
  });

  it('passes axe with rows, details, a menu and a notice', async () => {
    const { page, host } = await show(new ArrayModel([...ordinaryEvents(200), ...hostileEvents, unformatted]));
    host.notices([{ id: 'lost', severity: 'error', text: 'The session with SYNC01 was lost.', action: 'retry' }]);
    host.reading(true, 'Reading Application of SYNC01', false);
    await page.getByText('The session with SYNC01 was lost.').first().waitFor();
    await enterGrid(page);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2 }).waitFor();
    await page.evaluate(axeSource);
    const violations = async (): Promise<unknown> => await page.evaluate(`axe.run({ resultTypes: ['violations'], rules: { 'page-has-heading-one': { enabled: false } } }).then((result) => result.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary).slice(0, 3).join(' | ')))`);
    assert.deepEqual(await violations(), []);
    await enterGrid(page);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    assert.deepEqual(await violations(), []);
    mkdirSync(join(root, 'out', 'screenshots'), { recursive: true });
    await page.screenshot({ path: join(root, 'out', 'screenshots', 'event-page.png') });
    await page.keyboard.press('Escape');
  });

  it('never reads a server\'s text as markup, and shows what hides in it', async () => {
    const { page } = await show(new ArrayModel([...hostileEvents, unformatted]));
    await rowOf(page, 'hostile markup').getByText('<img src=x').waitFor();
    assert.match(await rowOf(page, 'hostile direction').innerText(), /paid ‹U\+202E›0001‹U\+202C› to ‹U\+2066›bob‹U\+2069›/);
    assert.match(await rowOf(page, 'hostile controls').innerText(), /bell ␇ escape ␛\[31m delete ␡ next ‹U\+0085› zero ␀ end/);
    assert.match(await rowOf(page, 'hostile surrogates').innerText(), /half \ufffd and half \ufffd whole \u{1F600}/u);
    assert.match(await rowOf(page, 'Missing Provider').innerText(), /first value · <b>second<\/b>/);
    await enterGrid(page);
    await page.keyboard.press('Enter');
    await page.getByText('Windows could not format this event').first().waitFor({ state: 'attached' });
    await rowOf(page, 'hostile long').locator('.cell-message').click();
    await until(page, `document.querySelector('.message').textContent.length === 65536`);
    assert.equal(await page.title(), 'Events: SYNC01');
    assert.equal(await page.locator('img, .cell script').count(), 0);
  });

  it('counts and goes through matches, says what is wrong with a pattern, and shows only matches on request', async () => {
    const { page } = await show(new ArrayModel(ordinaryEvents(700)));
    await enterGrid(page);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('encryption KEYS could');
    await said(page, /^\d+ matches$/);
    await page.keyboard.press('Enter');
    await said(page, /^1 of \d+ matches$/);
    await page.keyboard.press('Enter');
    await said(page, /^2 of \d+ matches$/);
    await page.keyboard.press('Shift+Enter');
    await said(page, /^1 of \d+ matches$/);
    await page.locator('.row[aria-selected="true"] mark').first().waitFor();
    await page.getByRole('button', { name: 'Use regular expression' }).click();
    await page.getByRole('textbox', { name: 'Search events' }).fill('(unclosed');
    await page.getByText(/This is no regular expression: .*[Uu]nterminated group/).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Search events' }).getAttribute('aria-invalid'), 'true');
    await page.getByRole('textbox', { name: 'Search events' }).fill('keys (could|have)');
    await page.getByRole('button', { name: 'Show only matches' }).click();
    await until(page, `Number(document.querySelector('.grid').getAttribute('aria-rowcount')) < 300`);
    assert.ok((await page.locator('.cell-message bdi').allInnerTexts()).every((text) => /keys (could|have)/.test(text)));
  });

  it('filters by level, by a value of any cell, by time, and takes each back', async () => {
    const { page } = await show(new ArrayModel(ordinaryEvents(700)));
    const count = async (): Promise<number> => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    await page.getByRole('button', { name: /^Error \d+$/ }).click();
    await said(page, /\d+ of 700 loaded events/);
    const errors = await count();
    assert.ok(errors > 0 && errors < 700);
    await enterGrid(page);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: /^Leave Out Event ID/ }).focus();
    await page.keyboard.press('Enter');
    await until(page, `Number(document.querySelector('.grid').getAttribute('aria-rowcount')) - 1 < ${errors}`);
    await page.getByRole('button', { name: /^Remove filter not Event ID/ }).click();
    await until(page, `Number(document.querySelector('.grid').getAttribute('aria-rowcount')) - 1 === ${errors}`);
    await page.getByRole('button', { name: 'Clear Filter' }).click();
    await until(page, `document.querySelector('.grid').getAttribute('aria-rowcount') === '701'`);
    // The histogram by keyboard: the handles choose a range.
    const from = page.getByRole('slider', { name: 'Start of the time range' });
    await from.focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('PageUp');
    await page.keyboard.press('Enter');
    await until(page, `Number(document.querySelector('.grid').getAttribute('aria-rowcount')) < 690`);
    await page.getByRole('button', { name: 'Remove filter Time range' }).click();
    await until(page, `document.querySelector('.grid').getAttribute('aria-rowcount') === '701'`);
    // Fields: click includes, Alt leaves out.
    await page.getByTitle('Only ADSync').click({ modifiers: ['Alt'] });
    await page.getByRole('button', { name: 'Remove filter not Source: ADSync' }).waitFor();
  });

  it('keeps a time range that is being chosen while new events redraw the bars', async () => {
    const model = new ArrayModel(ordinaryEvents(500));
    const { page, host } = await show(model);
    const from = page.getByRole('slider', { name: 'Start of the time range' });
    const labelled = async (): Promise<string> => await from.getAttribute('aria-valuetext') ?? '';
    await until(page, `Number(document.querySelector('.handle').getAttribute('aria-valuemax')) > 0`);
    await from.focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('PageUp');
    const chosen = await labelled();
    const bars = await page.locator('.histogram svg').innerHTML();
    model.all.push(...ordinaryEvents(1000).slice(500));
    host.grown();
    await until(page, `document.querySelector('.histogram svg').innerHTML !== ${JSON.stringify(bars)}`);
    assert.notEqual(await from.getAttribute('aria-valuenow'), '0', `the start went back from ${chosen} to ${await labelled()}`);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove filter Time range' }).waitFor();
    const shown = await page.getByLabel('From', { exact: true }).inputValue();
    // Within two bars of what was chosen: the bars are wider now.
    assert.ok(Math.abs(Date.parse(`${shown}Z`) - Date.parse(`${chosen.slice(0, 19).replace(' ', 'T')}Z`)) < 60 * 60_000, `${shown} beside ${chosen}`);
    // Nothing is being chosen any more: the bars of the filtered events are shown whole.
    await until(page, `document.querySelector('.histogram:not(.brushed)') !== null`);
  });

  it('takes a click that lasts while new events redraw what is clicked', async () => {
    const model = new ArrayModel(ordinaryEvents(500));
    const { page, host, asked } = await show(model);
    const press = async (text: string): Promise<void> => {
      await page.getByRole('button', { name: text }).hover();
      await page.mouse.down();
    };
    host.reading(true, 'Reading System', false);
    host.notices([{ id: 'lost', severity: 'error', text: 'The session was lost.', action: 'retry' }]);
    await press('Cancel');
    host.reading(true, 'Reading Application', false);
    host.notices([{ id: 'lost', severity: 'error', text: 'The session was lost again.', action: 'retry' }]);
    await page.getByText('The session was lost again.').first().waitFor();
    await page.mouse.up();
    await page.getByText('Reading Application').waitFor();
    await press('Retry');
    host.notices([{ id: 'lost', severity: 'error', text: 'The session was lost for good.', action: 'retry' }]);
    await said(page, 'The session was lost for good.');
    await page.mouse.up();
    await page.locator('.notice').filter({ hasText: 'for good' }).waitFor();
    await until(page, `document.querySelector('.notices button').textContent === 'Retry'`);
    assert.deepEqual(asked.map(([name]) => name).filter((name) => ['cancel', 'retry'].includes(name)), ['cancel', 'retry']);

    // The fields are counted one after the other: once the last has its new numbers, the first had them too.
    const last = page.locator('.facets ul').last();
    const counted = await last.innerText();
    await page.locator('.facets ul').first().locator('.facet-name').first().hover();
    await page.mouse.down();
    model.all.push(...ordinaryEvents(1000).slice(500));
    host.grown();
    await until(page, `[...document.querySelectorAll('.facets ul')].at(-1).innerText !== ${JSON.stringify(counted)}`);
    await page.mouse.up();
    await page.getByRole('button', { name: /^Remove filter/ }).or(page.locator('.chip[aria-pressed="true"]')).first().waitFor();
  });

  it('keeps the keyboard on a button that is drawn anew', async () => {
    const { page, host } = await show(new ArrayModel(ordinaryEvents(50)));
    host.reading(true, 'Reading System', false);
    await page.getByRole('button', { name: 'Cancel' }).focus();
    host.reading(true, 'Reading Application', false);
    await page.getByText('Reading Application').waitFor();
    await until(page, `document.activeElement.textContent === 'Cancel'`);
  });

  it('resizes, hides and sorts columns by keyboard', async () => {
    const { page } = await show(new ArrayModel(ordinaryEvents(300)));
    await enterGrid(page);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await said(page, 'Time: 256 pixels wide');
    await page.keyboard.press('Enter');
    await said(page, 'Sorted by Time, ascending');
    assert.equal(await page.getByRole('columnheader', { name: 'Time' }).getAttribute('aria-sort'), 'ascending');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Hide Column' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('columnheader', { name: 'Time' }).count(), 0);
    await until(page, `document.activeElement.closest('.grid') !== null`);
  });

  it('copies a row, a cell and a selection, and finds a row by its first letters', async () => {
    const { page, asked } = await show(new ArrayModel(ordinaryEvents(300)));
    await enterGrid(page);
    await page.keyboard.press('Control+c');
    await said(page, '1 events copied');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    await said(page, '3 events copied');
    assert.deepEqual(asked.filter(([name]) => name === 'copyRows').map(([, rows, as]) => [(rows as unknown[]).length, as]), [[1, 'text'], [3, 'text']]);
    await page.keyboard.press('End');
    await page.keyboard.press('Control+Shift+c');
    await said(page, /^Copied/);
    assert.ok(asked.some(([name, text]) => name === 'copy' && typeof text === 'string' && text.length > 10));
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('Service');
    await until(page, `document.activeElement.textContent === 'Service Control Manager'`);
  });

  it('shows what an event means and what can be done, and starts it from the menu', async () => {
    const { page, asked } = await show(new ArrayModel(ordinaryEvents(40)), {
      explain: () => Promise.resolve({ explanation: { meaning: 'The key cannot be decoded.', implies: 'The password was reset.' }, findings: [{ title: 'The encryption key is lost', advice: 'Abandon it.' }],
        actions: [{ id: 'plan:full-abandonment', label: 'Run Plan: Abandon', enabled: true }, { id: 'step:start-service', label: 'Step: Start', detail: 'A gate forbids it.', enabled: false }] }),
    });
    await enterGrid(page);
    await page.keyboard.press('Enter');
    await page.getByText('The key cannot be decoded.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Step: Start' }).isDisabled(), true);
    await page.keyboard.press('Escape');
    await enterGrid(page);
    await page.keyboard.press('ContextMenu');
    assert.equal(await page.getByRole('menuitem', { name: 'Step: Start' }).getAttribute('aria-disabled'), 'true');
    await page.getByRole('menuitem', { name: 'Run Plan: Abandon' }).focus();
    await page.keyboard.press('Enter');
    await until(page, `document.querySelector('.menu') === null`);
    assert.deepEqual(asked.filter(([name]) => name === 'act').map(([, , action]) => action), ['plan:full-abandonment']);
  });

  it('offers what a new diagnosis calls for in the details that are open, and leaves them alone where nothing changed', async () => {
    let actions = [{ id: 'plan:a', label: 'Run Plan: Abandon', enabled: true }];
    const { page, host } = await show(new ArrayModel(ordinaryEvents(50)), { explain: () => Promise.resolve({ findings: [], actions }) }, { presets: [{ id: 'x', title: 'Everything', detail: '' }] });
    await enterGrid(page);
    await page.keyboard.press('Enter');
    const button = page.getByRole('button', { name: 'Run Plan: Abandon' });
    await button.waitFor();
    await page.evaluate(`document.querySelector('.actions').dataset.same = 'yes'`);
    await button.focus();
    host.diagnosed([{ id: 'y', title: 'After the diagnosis', detail: '' }]);
    await page.getByRole('button', { name: 'Presets' }).click();
    await page.getByRole('menuitem', { name: 'After the diagnosis' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.actions[data-same]').count(), 1);
    await button.focus();
    actions = [{ id: 'step:b', label: 'Step: Start the service', enabled: true }];
    host.diagnosed([]);
    await page.getByRole('button', { name: 'Step: Start the service' }).waitFor();
    assert.equal(await button.count(), 0);
    await page.locator('.details-content:focus').waitFor();
  });

  it('stays where one reads while events stream in, and leads to the new ones', async () => {
    const model = new ArrayModel(ordinaryEvents(500));
    const { page, host } = await show(model);
    host.following(true);
    await said(page, 'Following new events');
    const more = (n: number): void => { model.all.push(...ordinaryEvents(1000).slice(500 + n, 510 + n).map((row) => ({ ...row, message: `fresh ${n}` }))); host.grown(); };
    more(0);
    await page.locator('.row[aria-rowindex="2"]').filter({ hasText: 'fresh 0' }).waitFor();
    await enterGrid(page);
    for (let n = 0; n < 60; n++) await page.keyboard.press('ArrowDown');
    const before = await focused(page);
    const shown = await page.locator('.row[aria-selected="true"]').boundingBox();
    more(10);
    await page.getByRole('button', { name: '10 new events' }).waitFor();
    await until(page, `document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') === '${before.row + 10}'`);
    assert.equal((await focused(page)).text, before.text);
    assert.ok(Math.abs((await page.locator('.row[aria-selected="true"]').boundingBox())!.y - shown!.y) <= 22);
    await page.getByRole('button', { name: '10 new events' }).click();
    await page.locator('.row[aria-rowindex="2"]').filter({ hasText: 'fresh 10' }).waitFor();
  });

  it('goes to the event that was asked for when it is read, with the keyboard, and keeps it in sight', async () => {
    const events = ordinaryEvents(3000);
    const asked = events[1500]!;
    const model = new ArrayModel([]);
    const { page, host } = await show(model);
    // A page that is hidden hears nothing: it is told when it comes back.
    await page.goto('about:blank');
    host.show(undefined, { server: asked.server, log: asked.log, recordId: asked.recordId });
    await page.goBack();
    await page.locator('body[data-ready]').waitFor();
    const chosen = (index: number): Promise<void> => page.locator(`.row[aria-rowindex="${index}"][aria-selected="true"] .cell:focus`).waitFor();
    model.all.push(asked);
    host.grown();
    await chosen(2);
    // Newer ones come first while a server is read.
    model.all.push(...events.slice(1501));
    host.grown();
    await chosen(1501);
    await until(page, inSight);
    model.all.push(...events.slice(0, 1500));
    host.grown();
    await page.locator('.grid[aria-rowcount="3001"]').waitFor();
    await chosen(1501);
    await until(page, inSight);
    // Who goes to the newest end stays there.
    await page.keyboard.press('Control+Home');
    await chosen(2);
    model.all.push(...ordinaryEvents(3100).slice(3000));
    host.grown();
    await chosen(102);
    assert.equal(await page.evaluate(`document.querySelector('.grid').scrollTop`), 0);
  });

  it('keeps the event that was asked for in sight where its row comes later than more events', async () => {
    const events = ordinaryEvents(600);
    const asked = events[200]!;
    const model = new ArrayModel([]);
    const { page, host } = await show(model);
    // A slow way from the host to the page: rows are under way for longer than it takes the next events to come.
    await page.evaluate(`(() => {
      const post = window.postMessage.bind(window);
      window.late = [];
      window.postMessage = (message) => { if (message.request === 'rows') window.late.push(() => post(message)); else post(message); };
    })()`);
    host.show(undefined, { server: asked.server, log: asked.log, recordId: asked.recordId });
    model.all.push(asked);
    host.grown();
    await page.locator('.row[aria-rowindex="2"][aria-selected="true"] .cell:focus').waitFor();
    // The person goes on in the tree: Chromium itself brings what has the keyboard into sight, and nothing has it.
    await page.evaluate('document.activeElement.blur()');
    model.all.push(...events.filter((event) => event !== asked));
    host.grown();
    await page.locator('.row[aria-rowindex="401"][aria-selected="true"]').waitFor({ state: 'attached' });
    await page.evaluate('for (const come of window.late) come(); window.late.push = (come) => { come(); };');
    await page.locator('.row[aria-rowindex="401"] .cell-id bdi').waitFor();
    await until(page, inSight);
  });

  it('goes to an event that is asked for before any is there', async () => {
    const events = ordinaryEvents(300);
    const late = events[100]!;
    const model = new ArrayModel([]);
    const { page, host } = await show(model);
    const looked = new Promise<void>((resolve) => { model.get = () => { resolve(); return undefined; }; });
    host.show(undefined, { server: late.server, log: late.log, recordId: late.recordId });
    await looked;
    model.all.push(...events);
    host.grown();
    await page.locator('.row[aria-rowindex="201"][aria-selected="true"] .cell:focus').waitFor();
    await until(page, inSight);
    // What is typed meanwhile is not interrupted.
    const other = { server: late.server, log: late.log, recordId: 1_000_000 };
    const again = new Promise<void>((resolve) => { model.get = () => { resolve(); return undefined; }; });
    host.show(undefined, other);
    await again;
    await page.keyboard.press('Control+f');
    await page.locator('.search:focus, .search :focus').waitFor();
    model.all.push({ ...late, ...other });
    host.grown();
    await page.locator('.row[aria-rowindex="201"][aria-selected="true"], .row[aria-rowindex="202"][aria-selected="true"]').first().waitFor();
    await page.locator('.grid[aria-rowcount="302"]').waitFor();
    assert.equal(await page.evaluate(`document.querySelector('.grid').contains(document.activeElement)`), false);
  });

  it('stays on the header, and leaves a row alone whose event a filter hides', async () => {
    const events = ordinaryEvents(300);
    const hidden = events[50]!;
    const model = new ArrayModel(events.slice(0, 298));
    const { page, host } = await show(model);
    await enterGrid(page);
    await page.keyboard.press('ArrowUp');
    await page.locator('.grid [role=columnheader]:focus').waitFor();
    model.all.push(events[298]!);
    host.grown();
    await page.locator('.grid[aria-rowcount="300"]').waitFor();
    await page.locator('.grid [role=columnheader]:focus').waitFor();
    host.show({ terms: [{ field: 'id', values: [hidden.id], exclude: true }] }, { server: hidden.server, log: hidden.log, recordId: hidden.recordId });
    await page.locator('.row[aria-selected="true"] .cell:focus').waitFor();
    const before = (await focused(page)).row;
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await until(page, `document.querySelectorAll('.row[aria-selected="true"]').length === 2`);
    model.all.push(events[299]!);
    host.grown();
    await until(page, `Number(document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex')) >= ${before + 2}`);
    assert.equal(await page.locator('.row[aria-selected="true"]').count(), 2);
  });

  it('gets a view, its rows and the place of the event with the keyboard in one round', async () => {
    const model = new ArrayModel(ordinaryEvents(700));
    const quick = model.view.bind(model);
    model.view = async (...args) => { await wait(300); return await quick(...args); };
    const { page, traffic } = await show(model);
    await page.locator('.row[aria-rowindex="2"] .cell-id bdi').waitFor();
    const shown = (what: string): boolean => what.startsWith('view') || what.startsWith('rows') || what.startsWith('locate');
    assert.deepEqual(traffic.filter(shown).slice(0, 4), ['view asked', 'rows asked', 'view answered', 'rows answered']);
    await enterGrid(page);
    await page.locator('.row[aria-selected="true"]:has(.cell-id bdi)').waitFor();
    traffic.length = 0;
    await page.locator('.chip.level-2').click();
    await page.locator('.grid:not([aria-rowcount="701"]) .row[aria-selected="true"]:has(.cell-id bdi)').waitFor();
    assert.deepEqual(traffic.filter(shown).slice(0, 4), ['view asked', 'locate asked', 'view answered', 'locate answered']);
  });

  it('shows what a person chose while events stream in, with its rows', async () => {
    const events = ordinaryEvents(700);
    const model = new ArrayModel(events.slice(0, 690));
    const { page, host, traffic } = await show(model);
    await page.locator('.row[aria-rowindex="2"] .cell-id bdi').waitFor();
    const quick = model.view.bind(model);
    model.view = async (...args) => { await wait(300); return await quick(...args); };
    traffic.length = 0;
    await page.locator('.head .cell-id').click();
    while (!traffic.includes('view asked')) await wait(5);
    // More come while what was chosen is awaited, then something else is chosen, and yet more come.
    host.grown();
    await page.locator('.head .cell-provider').click();
    while (traffic.filter((what) => what === 'view asked').length < 2) await wait(5);
    host.grown();
    await page.locator('.head .cell-id').click();
    while (traffic.filter((what) => what === 'view asked').length < 3) await wait(5);
    model.all.push(...events.slice(690));
    host.grown();
    await page.locator('.head .cell-id[aria-sort="ascending"]').waitFor();
    await page.locator('.grid[aria-rowcount="701"]').waitFor();
    await until(page, `(() => {
      const ids = [...document.querySelectorAll('.body .row')].map((row) => Number(row.querySelector('.cell-id bdi')?.textContent));
      return ids.length > 20 && ids.every((id, n) => id >= (ids[n - 1] ?? ${Math.min(...events.map(({ id }) => id))}));
    })()`);
  });

  it('has the rows of the next page and the page before at hand', async () => {
    const { page, traffic } = await show(new ArrayModel(ordinaryEvents(700)));
    await page.locator('.row[aria-rowindex="2"] .cell-id bdi').waitFor();
    const count = (what: string): number => traffic.filter((one) => one === what).length;
    const settled = async (least: number): Promise<void> => { while (count('rows asked') < least || count('rows answered') < count('rows asked')) await wait(20); };
    const frames = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';
    await page.evaluate(frames);
    await settled(1);
    for (const [top, pages] of [[300, 1], [500, -1]]) {
      const before = count('rows asked');
      await page.evaluate(`document.querySelector('.grid').scrollTop = ${top} * 22`);
      // What is in sight, the page after and the page before.
      await settled(before + 3);
      // Every row is filled in the very frame that draws it.
      assert.equal(await page.evaluate(`(async () => {
        const grid = document.querySelector('.grid');
        grid.scrollTop += ${pages} * (grid.clientHeight - 44);
        await ${frames};
        return [...document.querySelectorAll('.body .row')].filter((row) => row.querySelector('.cell-id bdi') === null).length;
      })()`), 0);
    }
  });

  it('has the keyboard on the same event again after the editor had it elsewhere while rows moved', async () => {
    const events = ordinaryEvents(300);
    const model = new ArrayModel(events.slice(0, 298));
    const { page, host } = await show(model);
    await enterGrid(page);
    // What Chromium does to a frame in a frame while a palette or a tree has the keyboard.
    await page.evaluate(`document.activeElement.blur()`);
    model.all.push(...events.slice(298));
    host.grown();
    await page.locator('.row[aria-rowindex="4"][aria-selected="true"]').waitFor();
    await page.evaluate(`window.dispatchEvent(new Event('focus'))`);
    await page.locator('.row[aria-rowindex="4"][aria-selected="true"] .cell:focus').waitFor();
  });

  it('comes back as it was: filter, order, columns, focus and bookmarks', async () => {
    const model = new ArrayModel(ordinaryEvents(700));
    const first = await show(model);
    await first.page.getByRole('button', { name: /^Error \d+$/ }).click();
    await said(first.page, /loaded events/);
    await enterGrid(first.page);
    for (let n = 0; n < 40; n++) await first.page.keyboard.press('ArrowDown');
    await first.page.locator('.row[aria-rowindex="42"]:has(.cell-id bdi) .cell:focus').waitFor();
    await first.page.keyboard.press('Control+b');
    await said(first.page, 'bookmarked');
    await until(first.page, `window.kept?.bookmarks.length === 1 && window.kept.focus !== undefined`);
    const text = await first.page.locator('.row[aria-selected="true"] .cell-time').innerText();
    const rows = await first.page.getByRole('grid').getAttribute('aria-rowcount');
    const kept = first.state();
    assert.deepEqual(first.errors, []);
    await first.close();
    const second = await show(model, {}, {}, kept);
    assert.equal(await second.page.getByRole('grid').getAttribute('aria-rowcount'), rows);
    await second.page.locator('.row[aria-selected="true"]').filter({ hasText: text.trim().slice(0, 23) }).filter({ has: second.page.getByRole('img', { name: 'bookmarked' }) }).waitFor();
  });

  it('bookmarks a row whose text has not arrived yet', async () => {
    const { page, errors } = await show(new ArrayModel(ordinaryEvents(700)));
    await enterGrid(page);
    // Both at once: nothing can arrive in between.
    await page.evaluate(`for (const key of ['End', 'b']) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }))`);
    await said(page, 'bookmarked');
    await page.locator('.row[aria-rowindex="701"]').getByRole('img', { name: 'bookmarked' }).waitFor();
    assert.deepEqual(errors, []);
  });

  it('always says whose clock it shows, with the offset', async () => {
    const { page } = await show(new ArrayModel(ordinaryEvents(3)));
    const cell = page.locator('.row[aria-rowindex="2"] .cell-time');
    await cell.filter({ hasText: '2026-03-29 10:02:00.000 +02:00' }).waitFor();
    await page.getByRole('combobox', { name: 'Times shown in' }).selectOption('server');
    await cell.filter({ hasText: '2026-03-29 03:02:00.000 −05:00' }).waitFor();
    await page.getByRole('combobox', { name: 'Times shown in' }).selectOption('utc');
    await cell.filter({ hasText: '2026-03-29 08:02:00.000 +00:00' }).waitFor();
  });

  it('reaches every one of three million rows, more than an element may be high', async () => {
    const { page } = await show(new EndlessModel(3_000_000));
    await enterGrid(page);
    await page.keyboard.press('Control+End');
    await rowOf(page, 'Row 2999999').waitFor();
    await page.keyboard.press('ArrowUp');
    await until(page, `document.activeElement.closest('[role=row]').getAttribute('aria-rowindex') === '3000000'`);
    await page.evaluate(`document.querySelector('.grid').scrollTop = document.querySelector('.grid').scrollHeight / 2`);
    await rowOf(page, /Row 1[45]\d{5}/).first().waitFor();
    await page.keyboard.press('Control+Home');
    await rowOf(page, /Row 0$/).waitFor();
  });

  it('keeps a row that is being read where it is on the screen while newer ones come above three million', async () => {
    const model = new EndlessModel(3_000_000);
    const { page, host } = await show(model);
    await enterGrid(page);
    await page.evaluate(`document.querySelector('.grid').scrollTop = document.querySelector('.grid').scrollHeight / 2`);
    await rowOf(page, /Row 1[45]\d{5}/).nth(12).click();
    const chosen = page.locator('.row[aria-selected="true"]');
    const before = await chosen.boundingBox();
    const index = Number(await chosen.getAttribute('aria-rowindex'));
    // Nothing that has the keyboard is brought into sight by Chromium itself.
    await page.evaluate('document.activeElement.blur()');
    for (const more of [5_000, 20_000]) {
      model.loaded = 3_000_000 + more;
      host.grown();
      await page.locator(`.row[aria-selected="true"][aria-rowindex="${index + more}"]`).waitFor();
      await until(page, inSight);
      assert.ok(Math.abs((await chosen.boundingBox())!.y - before!.y) < 22);
    }
  });

  it('begins anew where it was hidden before its first answer came', async () => {
    const model = new ArrayModel(ordinaryEvents(300));
    const { page, traffic } = await show(model);
    const quick = model.view.bind(model);
    model.view = async (...args) => { await wait(500); return await quick(...args); };
    for (let n = 0; n < 2; n++) {
      traffic.length = 0;
      await page.goto('about:blank');
      await page.goBack({ waitUntil: 'commit' });
      while (!traffic.includes('view asked')) await wait(5);
    }
    await page.locator('.row[aria-rowindex="2"] .cell-id bdi').waitFor();
    assert.equal(await page.locator('.grid').getAttribute('aria-rowcount'), '301');
  });

  it('says where a filter covers only what is loaded, and leads to older events, Retry and Cancel', async () => {
    const { page, host, asked } = await show(new ArrayModel(ordinaryEvents(300)));
    host.reading(false, '', false);
    await page.getByRole('button', { name: /^Error \d+$/ }).click();
    const notice = page.locator('.notice').filter({ hasText: 'The filter only covers the 300 events loaded' });
    await notice.getByRole('button', { name: 'Read Older Events' }).click();
    host.notices([{ id: 'lost', severity: 'error', text: 'The session was lost.', action: 'retry' }]);
    await page.getByRole('button', { name: 'Retry' }).click();
    host.reading(true, 'Reading System', false);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await notice.waitFor({ state: 'detached' });
    assert.deepEqual(asked.map(([name]) => name).filter((name) => ['readOlder', 'retry', 'cancel'].includes(name)), ['readOlder', 'retry', 'cancel']);
  });
});

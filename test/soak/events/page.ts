// Times of the event page, taken inside its own frame: from what a person does to the end of the frame that shows what came of it.
import type { Frame } from 'playwright-core';

/**
 * Runs in the page: waits until something is to be seen. The page's policy forbids playwright's own way. What a task finds that was
 * posted while a frame was made stands on the screen: it runs once that frame is painted.
 */
const helpers = `
  const grid = document.querySelector('.grid');
  const until = (holds, what) => new Promise((resolve, reject) => {
    const start = performance.now();
    const painted = new MessageChannel();
    let found = false;
    const stop = () => { found = true; changes.disconnect(); };
    const look = () => {
      if (found) return;
      if (holds()) { stop(); painted.port2.postMessage(0); }
      else if (performance.now() - start > 60000) { stop(); reject(new Error('never shown: ' + what)); }
    };
    const frame = () => { look(); if (!found) requestAnimationFrame(frame); };
    painted.port1.onmessage = () => { painted.port1.close(); resolve(performance.now() - start); };
    const changes = new MutationObserver(look);
    changes.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    requestAnimationFrame(frame);
  });
  const inSight = () => {
    const { top, bottom } = grid.getBoundingClientRect();
    const head = document.querySelector('.head').offsetHeight;
    return [...document.querySelectorAll('.body .row')].filter((row) => { const box = row.getBoundingClientRect(); return box.top >= top + head && box.bottom <= bottom; });
  };
  const rows = () => Number(grid.getAttribute('aria-rowcount')) - 1;
  const filled = () => {
    const shown = inSight();
    const wanted = Math.min(rows(), Math.floor((grid.clientHeight - document.querySelector('.head').offsetHeight) / 22) - 1);
    return shown.length >= wanted && shown.every((row) => row.querySelector('.cell-id bdi')?.textContent);
  };
  const first = () => inSight()[0]?.textContent;
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`;

/** What the search box waits for after the last key, in milliseconds. */
const searchRest = 200;

async function inPage<T>(frame: Frame, body: string): Promise<T> {
  return await frame.evaluate(`(async () => { ${helpers}\n${body} })()`);
}

/** Jumps to a place between 0 and 1 of all rows; milliseconds until every row in sight is there, and until the host's first answer was. */
export async function scrollTo(frame: Frame, place: number): Promise<{ readonly took: number; readonly answered: number | undefined }> {
  return await inPage(frame, `
    const start = performance.now();
    let answered;
    const hear = ({ data }) => { if (data.kind === 'reply' && data.request === 'rows') answered ??= performance.now() - start; };
    addEventListener('message', hear);
    grid.scrollTop = ${place} * (grid.scrollHeight - grid.clientHeight);
    const took = await until(filled, 'rows at ${place}');
    removeEventListener('message', hear);
    return { took, answered };`);
}

/** Goes down by a page of rows, as Page Down does. */
export async function pageDown(frame: Frame): Promise<number> {
  return await inPage(frame, 'grid.scrollTop += grid.clientHeight - 44; return await until(filled, \'the next rows\');');
}

/** Presses the chip of a level, then again; milliseconds of both. */
export async function filterByLevel(frame: Frame, level: string): Promise<readonly number[]> {
  return await inPage(frame, `
    grid.scrollTop = 0;
    await until(filled, 'the first rows');
    const chip = () => [...document.querySelectorAll('button')].find((one) => one.textContent.startsWith(${JSON.stringify(level)}) && one.getAttribute('aria-pressed') !== null);
    const before = rows();
    chip().click();
    const on = await until(() => rows() !== before && filled() && inSight().every((row) => row.querySelector('.cell-level').textContent.includes(${JSON.stringify(level)})), 'only ${level}');
    await sleep(1500);
    chip().click();
    return [on, await until(() => rows() === before && filled(), 'everything again')];`);
}

/** Shows only one value of the fields at the left; milliseconds. Then everything again. */
export async function filterByField(frame: Frame, value: string): Promise<number> {
  return await inPage(frame, `
    grid.scrollTop = 0;
    const before = rows();
    const facet = () => [...document.querySelectorAll('.facet')].find((one) => one.querySelector('.facet-name').textContent === ${JSON.stringify(value)});
    await until(facet, 'the field ${value}');
    facet().click();
    const took = await until(() => rows() !== before && filled() && inSight().every((row) => row.textContent.includes(${JSON.stringify(value)})), 'only ${value}');
    await sleep(1500);
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Clear Filter').click();
    await until(() => rows() === before && filled(), 'everything again');
    return took;`);
}

/** Looks for a text; milliseconds from the moment the search begins, which is a rest after the last key, until its number of matches is there. */
export async function search(frame: Frame, text: string, regex = false): Promise<{ readonly took: number; readonly said: string }> {
  return await inPage(frame, `
    const box = document.querySelector('.search-input');
    const result = document.querySelector('.search-result');
    const pattern = document.querySelector('[title="Use regular expression"]');
    if ((pattern.getAttribute('aria-pressed') === 'true') !== ${regex}) pattern.click();
    box.value = ${JSON.stringify(text)};
    box.dispatchEvent(new Event('input', { bubbles: true }));
    const took = await until(() => /match/.test(result.textContent), 'the matches') - ${searchRest};
    const said = result.textContent;
    box.value = '';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await until(() => result.textContent === '', 'no search');
    return { took, said };`);
}

/** Sorts by a column's header; milliseconds until the first rows in that order are there. */
export async function sortBy(frame: Frame, column: string): Promise<number> {
  return await inPage(frame, `
    grid.scrollTop = 0;
    await until(filled, 'the first rows');
    const [before, head] = [first(), document.querySelector('.head .cell-${column}')];
    const sorted = head.getAttribute('aria-sort');
    head.click();
    return await until(() => head.getAttribute('aria-sort') !== sorted && first() !== before && filled(), 'another order by ${column}');`);
}

/** How many events the page has, as its status says. */
export async function loaded(frame: Frame): Promise<string> {
  return await inPage(frame, 'return document.querySelector(\'.status-count\').textContent;');
}

/** Whether something is being read. */
export async function isReading(frame: Frame): Promise<boolean> {
  return await inPage(frame, 'return document.querySelector(\'.status-reading progress\') !== null;');
}

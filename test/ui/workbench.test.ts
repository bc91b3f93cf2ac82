import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activityBarItem, openViewContainer } from './support/views.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('the packed extension in a real workbench', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-'));
    workbench = await openWorkbench({ folder });
  });

  after(async () => {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has its own place in the activity bar, and opens', async () => {
    await activityBarItem(workbench.page, 'Entra Connect').waitFor();
    await openViewContainer(workbench.page, 'Entra Connect');
    await workbench.screenshot('activity-bar');
    assert.equal(await activityBarItem(workbench.page, 'Entra Connect').count(), 1);
  });
});

import { access, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsedApprovals } from '../connect/approval/approvals.ts';

/** Approvals used from this machine, as empty files under their names: one creation decides which of two runs was first. */
export class UsedApprovalFiles implements UsedApprovals {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(id: string): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      await (await open(this.#path(id), 'wx', 0o600)).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  async has(id: string): Promise<boolean> {
    return await access(this.#path(id)).then(() => true, (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    });
  }

  #path(id: string): string {
    return join(this.#folder, id.replace(/[^0-9a-f]/g, '_'));
  }
}

import { join } from 'node:path';
import { root } from '../vscode/root.mjs';

/** Where the packed extension is kept between runs. */
export const vsixPath = join(root, '.cache', 'vsix', 'entra-connect-remediation.vsix');

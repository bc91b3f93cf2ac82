import type { PSValue } from '../session.ts';
import { isMap, textOf } from './clixml/values.ts';

/**
 * The version and the edition in the `PSVersionTable` of a server's application private data (MS-PSRP 2.2.2.13).
 * Undefined where either is missing, as it is from servers before Windows PowerShell 5.1.
 */
export function toldVersion(privateData: PSValue): { psVersion: string; edition: string } | undefined {
  const table = entry(privateData, 'PSVersionTable');
  const psVersion = textOf(entry(table, 'PSVersion'));
  const edition = textOf(entry(table, 'PSEdition'));
  return psVersion === undefined || edition === undefined ? undefined : { psVersion, edition };
}

/** The value of a dictionary's key, whatever the letter case; a dictionary that carries properties is an object. */
function entry(dictionary: PSValue | undefined, key: string): PSValue | undefined {
  const plain = dictionary !== null && typeof dictionary === 'object' && 'kind' in dictionary && dictionary.kind === 'object' ? dictionary.value : dictionary;
  if (!isMap(plain)) return undefined;
  for (const [name, value] of plain) if (typeof name === 'string' && name.toLowerCase() === key.toLowerCase()) return value;
  return undefined;
}

import type { Finding } from './finding.ts';
import { accountReplaced } from './rules/account-replaced.ts';
import { buildTooOld, buildUnsupported } from './rules/builds.ts';
import { connectorPassword, entraSignIn } from './rules/connectors.ts';
import { databaseBroken, databaseNearlyFull, databaseRestored } from './rules/database.ts';
import { healthy } from './rules/healthy.ts';
import { keyLost, keyUnreadable } from './rules/key.ts';
import { keyRecreated } from './rules/key-recreated.ts';
import { otherLogonFailure, staleScmPassword } from './rules/logon.ts';
import { accessDenied, notInstalled } from './rules/presence.ts';
import type { Rule } from './rules/rule.ts';
import { cannotTell } from './rules/unexplained.ts';
import { assess, type DiagnoseOptions } from './situation.ts';
import type { Snapshot } from './snapshot.ts';

/** In the order in which things have to be put right; each rule sees what those before it found. */
const rules: readonly Rule[] = [
  notInstalled,
  accessDenied,
  databaseNearlyFull,
  accountReplaced,
  staleScmPassword,
  otherLogonFailure,
  databaseRestored,
  databaseBroken,
  keyRecreated,
  keyUnreadable,
  keyLost,
  connectorPassword,
  entraSignIn,
  cannotTell,
  buildTooOld,
  buildUnsupported,
  healthy,
];

/**
 * What is wrong with a server, most urgent first; never empty for a server that answered. Pure: the same snapshot and
 * options always give the same findings.
 */
export function diagnose(snapshot: Snapshot, options: DiagnoseOptions = {}): readonly Finding[] {
  const situation = assess(snapshot, options);
  return rules.reduce<readonly Finding[]>((found, rule) => [...found, ...rule(situation, found)], []);
}

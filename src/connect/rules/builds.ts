import { buildsCheckedOn, compareBuilds, lastBuildOfOldKeys, supportOf } from '../builds.ts';
import { fact } from '../evidence.ts';
import { valueOf } from '../fact.ts';
import { finding, hasFault, has, type Rule } from './rule.ts';

/** `build-too-old`: a healthy server on which changing the password would destroy the key. */
export const buildTooOld: Rule = (situation, before) => {
  const build = valueOf(situation.snapshot.installation.build);
  if (build === undefined || !situation.running || hasFault(before) || compareBuilds(build, lastBuildOfOldKeys) > 0) return [];
  return [finding({
    id: 'build-too-old', severity: 'warning', title: `On build ${build} the password of the service account must not be reset`,
    detail: `Builds up to ${lastBuildOfOldKeys} (March 2017) lose their encryption key when the password is reset, and their account cannot be changed without installing again. All 1.x builds stopped synchronizing on 1 October 2023.`,
    evidence: [fact('installation.build', build)],
    advice: 'Upgrade Microsoft Entra Connect first.',
  })];
};

/** `build-unsupported`: support for the build has ended. */
export const buildUnsupported: Rule = (situation, before) => {
  const { snapshot } = situation;
  const build = valueOf(snapshot.installation.build);
  const clock = valueOf(snapshot.server.clock);
  if (build === undefined || clock === undefined || has(before, 'build-too-old')) return [];
  const support = supportOf(build, clock);
  if (support.state !== 'ended' && support.state !== 'recalled') return [];
  return [finding({
    id: 'build-unsupported', severity: 'warning',
    title: support.state === 'recalled' ? `Microsoft withdrew build ${build}` : `Support for build ${build} ended on ${support.on ?? 'an earlier day'}`,
    detail: `As checked on ${buildsCheckedOn}. An unsupported build may stop synchronizing at any time.`,
    evidence: [fact('installation.build', build), fact('server.clock', clock)],
    advice: 'Plan an upgrade; newer builds are offered in the Microsoft Entra admin center.',
  })];
};

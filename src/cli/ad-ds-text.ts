import type { StepId } from '../connect/ids.ts';
import type { AdDsWay } from '../connect/step.ts';

const ways: Readonly<Record<Exclude<AdDsWay, 'guided'>, string>> = {
  'object-model': 'Chosen for this run: AD DS Connector passwords are written into the connector\'s object. Microsoft neither documents nor supports this; the supported way is Synchronization Service Manager (--ad-ds guided). The configuration is exported first.',
  'enterprise-admin': 'Chosen for this run: Connect gives each AD connector an account of its own making, with the credentials of an Enterprise Admin of its forest. Accounts chosen by hand are not used any more, and permissions that were set for them have to be set again.',
};

/** What a chosen way of entering AD DS Connector passwords means, told before anything runs; the step says it again for each connector. */
export function adDsText(way: AdDsWay, steps: readonly { readonly step: StepId }[]): string {
  if (way === 'guided') return '';
  const about = steps.some(({ step }) => step === 'enter-connector-password') ? '' : ' Nothing that is to be done now enters such a password.';
  return `  ! ${ways[way]}${about}\n`;
}

import { adDsTexts } from '../connect/ad-ds-text.ts';
import type { StepId } from '../connect/ids.ts';
import type { AdDsWay } from '../connect/step.ts';

/** What a chosen way of entering AD DS Connector passwords means, told before anything runs; the step says it again for each connector. */
export function adDsText(way: AdDsWay, steps: readonly { readonly step: StepId }[]): string {
  if (way === 'guided') return '';
  const about = steps.some(({ step }) => step === 'enter-connector-password') ? '' : ' Nothing that is to be done now enters such a password.';
  return `  ! Chosen for this run: ${adDsTexts[way].detail} (--ad-ds guided is what nothing has to be said for.)${about}\n`;
}

import { planIds } from '../../../src/connect/ids.ts';
import { planDefinitions, type Slot } from '../../../src/connect/plan-definitions.ts';
import type { Danger } from '../../../src/connect/step.ts';
import { stepById, steps } from '../../../src/connect/steps/registry.ts';
import { cell } from './pages.ts';

const dangers: Readonly<Record<Danger, string>> = {
  none: 'nothing lasting', change: 'changes a setting, or synchronizes', outage: 'stops or starts the service', secret: 'replaces a secret', irreversible: '**cannot be undone**',
};

/** Every plan with its steps, from the plans' own definitions. */
export function plansBlock(): string {
  return planIds.map((id) => {
    const { title, why, slots } = planDefinitions[id];
    const list = slots.length === 0 ? 'No steps: what a person does is listed, with the names that this server reports.'
      : ['| | Step | | |', '|---|---|---|---|', ...slots.map((slot, at) => `| ${at + 1} | \`${slot.step}\`${form(slot)} | ${danger(slot)} | ${cell(slot.note ?? '')} |`)].join('\n');
    return `### Plan ${id}\n\n**${title}.** ${why}\n\n${list}\n`;
  }).join('\n');
}

/** A start is dangerous where there is a key to lose; after an abandonment there is none. */
function danger(slot: Slot): string {
  const usual = dangers[stepById(slot.step).danger];
  return slot.step === 'start-service' && slot.purpose !== 'after-abandon' ? `${usual}; [may drop stored secrets](#what-cannot-be-undone)` : usual;
}

function form(slot: Slot): string {
  const forms = [
    ...(slot.per === 'each' ? ['once for each connector'] : slot.per === 'target' ? ['for the connector that is named'] : []),
    ...(slot.purpose === 'retry' ? ['one attempt, whose failure is an answer'] : slot.purpose === 'after-abandon' ? ['with the new key'] : []),
  ];
  return forms.length === 0 ? '' : ` (${forms.join(', ')})`;
}

/** Every step, from the registry. */
export function stepsBlock(): string {
  return [
    '| Step | What it does | Changes | Takes | If one stops after it |', '|---|---|---|---|---|',
    ...steps.map((step) => `| \`${step.id}\` ${cell(step.title)} | ${cell(step.summary)} | ${dangers[step.danger]} | ${cell(step.duration)} | ${cell(step.ifStoppedHere)} |`),
  ].join('\n');
}

import type { PracticeData } from './practiceData.ts';

/** What a scenario file says that a person or the lab itself needs. */
export interface PracticeScenario {
  /** The file's name without its ending; the server is called so. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly computerName: string;
  readonly role: 'active' | 'staging';
  readonly content: ScenarioContent;
}

interface ScenarioContent {
  readonly title: string;
  readonly description: string;
  readonly computerName: string;
  readonly service: { readonly startName: string };
  readonly account: { readonly name?: string; readonly password?: string; readonly oldPassword?: string; readonly oldPasswordKnown?: boolean };
  readonly connectors: readonly { readonly name: string; readonly account?: string; readonly password?: string; readonly type: string }[];
  readonly scheduler?: { readonly staging?: boolean };
}

/** The scenarios that ship, in the order in which they are worth practising. */
export function practiceScenarios(data: PracticeData): readonly PracticeScenario[] {
  const order = (data.get('scenarios/order') ?? '').split('\n');
  return order.flatMap((id) => {
    const text = data.get(`scenarios/${id}.json`);
    if (text === undefined) return [];
    const content = JSON.parse(text) as ScenarioContent;
    return [{ id, title: content.title, description: content.description, computerName: content.computerName, role: content.scheduler?.staging === true ? 'staging' : 'active', content } satisfies PracticeScenario];
  });
}

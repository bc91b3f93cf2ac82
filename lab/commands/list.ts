import { parseWords } from '../arguments.ts';
import type { LabLayout } from '../layout.ts';
import { loadScenario, scenarioNames, type ScenarioContent } from '../scenario.ts';

/** `list`: scenarios with what they are and what they expect. */
export function list(lab: LabLayout, words: readonly string[]): number {
  const { values } = parseWords('list', words, { json: { type: 'boolean' } }, { least: 0, most: 0 });
  const scenarios = scenarioNames(lab).map((name) => loadScenario(lab, name));
  if (values.json === true) {
    console.log(JSON.stringify(scenarios.map(({ name, content }) => ({
      name, title: content.title ?? name, description: content.description ?? '', expect: content.expect,
    }))));
    return 0;
  }
  for (const { name, content } of scenarios) {
    console.log(`${name}${content.title === undefined ? '' : `: ${content.title}`}`);
    if (content.description !== undefined) console.log(`    ${content.description}`);
    console.log(`    ${expectation(content)}`);
  }
  return 0;
}

function expectation({ expect }: ScenarioContent): string {
  const words = (list: readonly string[] | undefined): string => (list === undefined || list.length === 0 ? 'nothing' : list.join(', '));
  const found = `finds ${words(expect.before)}`;
  if (expect.refused !== undefined && expect.refused !== null) {
    return `${found}; refused because of ${expect.refused.finding}`;
  }
  return `${found}; plans: ${words(expect.plans)}; then ${words(expect.after)}`;
}

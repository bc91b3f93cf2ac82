import * as vscode from 'vscode';

/** What a step gives: an answer, the wish to go back, or nothing where the person left. */
export type Answer<T> = { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'left' };

/** Where a step stands among all of them. */
export interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly total: number;
}

/** One choice of a step. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

const back = vscode.QuickInputButtons.Back;

/** Asks for one of several choices; with `typed`, what is typed is a choice as well, unless `typed` refuses it with a reason. */
export async function pickStep<T>(place: StepPlace, placeholder: string, choices: readonly Choice<T>[], options: { readonly active?: T | undefined; readonly typed?: (text: string) => Choice<T> | string } = {}): Promise<Answer<T>> {
  const input = vscode.window.createQuickPick<Choice<T>>();
  Object.assign(input, { ...numbered(place), placeholder, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  const { typed } = options;
  const show = (): void => {
    const text = input.value.trim();
    const made = text === '' || typed === undefined || choices.some((choice) => choice.label.toLowerCase() === text.toLowerCase()) ? undefined : typed(text);
    // A reason is shown as a choice that cannot be taken: a pick has no other place for it.
    input.items = made === undefined ? choices : typeof made === 'string' ? [{ label: text, detail: made, alwaysShow: true, value: undefined as T }, ...choices] : [{ ...made, alwaysShow: true }, ...choices];
  };
  show();
  const active = choices.find((choice) => choice.value === options.active);
  if (active !== undefined) input.activeItems = [active];
  input.onDidChangeValue(show);
  return await asked<T>(input, (answer) => {
    input.onDidAccept(() => {
      const [picked] = input.selectedItems;
      if (picked !== undefined && !(picked.value === undefined && typed !== undefined)) answer({ kind: 'answer', value: picked.value });
    });
  });
}

/** Asks for text; `refuses` says inline what is wrong with it. */
export async function textStep(place: StepPlace, prompt: string, value: string, refuses: (text: string) => string | undefined): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  Object.assign(input, { ...numbered(place), prompt, value, ignoreFocusOut: true });
  input.onDidChangeValue((text) => { input.validationMessage = refuses(text.trim()); });
  return await asked<string>(input, (answer) => {
    input.onDidAccept(() => {
      const text = input.value.trim();
      const refusal = refuses(text);
      input.validationMessage = refusal;
      if (refusal === undefined) answer({ kind: 'answer', value: text });
    });
  });
}

function numbered({ title, step, total }: StepPlace): Pick<vscode.QuickInput, 'title' | 'step' | 'totalSteps'> & { readonly buttons: readonly vscode.QuickInputButton[] } {
  return { title, step, totalSteps: total, buttons: step > 1 ? [back] : [] };
}

async function asked<T>(input: vscode.QuickPick<Choice<T>> | vscode.InputBox, listen: (answer: (given: Answer<T>) => void) => void): Promise<Answer<T>> {
  try {
    return await new Promise<Answer<T>>((answer) => {
      listen(answer);
      input.onDidTriggerButton((button) => { if (button === back) answer({ kind: 'back' }); });
      input.onDidHide(() => { answer({ kind: 'left' }); });
      input.show();
    });
  } finally {
    input.dispose();
  }
}

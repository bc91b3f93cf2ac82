import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { modelTools, taskType } from '../ids.ts';
import { loadLater } from '../later.ts';
import type { OutsideParts } from './parts.ts';

/** The ways in from outside of the tree: links, tasks, and tools of language models. What answers them is loaded when one is used. */
export function openEntrances(parts: OutsideParts): DisposableStore {
  const store = new DisposableStore();
  store.add(vscode.window.registerUriHandler({ handleUri: async (uri) => { await (await loadLater()).openLink(uri, parts); } }));
  store.add(vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: async () => (await loadLater()).diagnoseTasks(parts),
    resolveTask: async (task) => (await loadLater()).resolveTask(task, parts),
  }));
  // Editors that are built on VS Code may lack it.
  const { lm } = vscode as { readonly lm?: Partial<typeof vscode.lm> };
  for (const name of Object.values(modelTools)) {
    const tool = lm?.registerTool?.(name, {
      prepareInvocation: async ({ input }) => (await loadLater()).prepareTool(name, input, parts),
      invoke: async ({ input }) => (await loadLater()).invokeTool(name, input, parts),
    });
    if (tool !== undefined) store.add(tool);
  }
  return store;
}

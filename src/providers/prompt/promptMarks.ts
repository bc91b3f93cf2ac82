/** Shell integration (OSC 633) around a command that is typed: where its prompt, its text and its output begin, and how it ended. */
const osc = (body: string): string => `\u001b]633;${body}\u0007`;

/** Before the prompt. */
export const promptStart = osc('A');
/** After it: what follows is typed. */
export const promptEnd = osc('B');

/** The command as it was sent, and that its output begins. */
export function outputStart(script: string): string {
  const escaped = script.slice(0, 4000).replace(/[\\;\u0000-\u001f\u007f-\u009f]/g, (c) => (c === '\\' ? '\\\\' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
  return `${osc(`E;${escaped}`)}${osc('C')}`;
}

/** How it ended. */
export function outputEnd(exitCode: number): string {
  return osc(`D;${exitCode}`);
}

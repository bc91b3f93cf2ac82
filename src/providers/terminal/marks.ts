/**
 * Shell integration sequences (OSC 633, VS Code's terminal documentation) that give each step a gutter mark, a place in
 * command navigation and an exit code.
 */
const osc = (body: string): string => `\u001b]633;${body}\u0007`;

/** Escapes a command line for OSC 633;E: backslash, semicolon and control characters as `\xHH`. */
function escapeCommandLine(text: string): string {
  return text.replace(/[\\;\u0000-\u001f]/g, (c) => (c === '\\' ? '\\\\' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
}

/** Before and after the heading of a step: prompt start, prompt end, the command's text, its output begins. */
export function startMark(heading: string, commandLine: string): string {
  return `${osc('A')}${heading}${osc('B')}${osc(`E;${escapeCommandLine(commandLine)}`)}\r\n${osc('C')}`;
}

/** The step's end with its exit code (0: done). */
export function endMark(exitCode: number): string {
  return osc(`D;${exitCode}`);
}

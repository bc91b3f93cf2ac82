// PowerShell as it ships: without whole lines of comment and without indentation.

/** What would need a parser: here-strings, block comments and strings over several lines are never cut into. */
const lineContinues = /`\s*$/;

/**
 * Takes lines that are only a comment, empty lines and indentation out of a script. Leaves a script as it is where a line could be
 * part of a string: a here-string, a block comment, or an odd number of quotes in a line.
 */
export function withoutComments(text) {
  if (/@['"]\s*$/m.test(text) || text.includes('<#') || lineContinuesBeforeComment(text)) return text;
  const lines = text.split('\n');
  if (lines.some((line) => !isCommentLine(line) && !closesItsStrings(line))) return text;
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !isCommentLine(line)).join('\n') + '\n';
}

/** Where another text is put in (src/connect/scripts.ts) is no comment. */
const isCommentLine = (line) => /^\s*#(?!requires)/i.test(line) && !/ is put in here\.$/.test(line);

/** A line that goes on in the next one must not lose the next one. */
function lineContinuesBeforeComment(text) {
  const lines = text.split('\n');
  return lines.some((line, index) => lineContinues.test(line) && index + 1 < lines.length && (isCommentLine(lines[index + 1]) || lines[index + 1].trim() === ''));
}

/** True where every string that begins in the line ends in it; expandable strings may hold subexpressions with strings of their own. */
export function closesItsStrings(line) {
  // What is open: "'" and '"' for strings, ')' for a subexpression.
  const open = [];
  for (let at = 0; at < line.length; at += 1) {
    const [top, here, next] = [open.at(-1), line[at], line[at + 1]];
    if (top === "'") {
      if (here === "'" && next === "'") at += 1;
      else if (here === "'") open.pop();
    } else if (top === '"') {
      if (here === '`') at += 1;
      else if (here === '"' && next === '"') at += 1;
      else if (here === '"') open.pop();
      else if (here === '$' && next === '(') { open.push(')'); at += 1; }
    } else if (here === '`') at += 1;
    else if (here === "'" || here === '"') open.push(here);
    else if (here === '#' && (at === 0 || /[\s;{}()|]/.test(line[at - 1]))) break;
    else if (here === '(' && top === ')') open.push(')');
    else if (here === ')' && top === ')') open.pop();
  }
  return !open.some((kind) => kind !== ')') && open.length === 0;
}

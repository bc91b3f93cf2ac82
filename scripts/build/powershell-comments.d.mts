/** A script without whole lines of comment, empty lines and indentation; as it is where a line could be part of a string. */
export function withoutComments(text: string): string;
/** Whether every string that begins in the line ends in it. */
export function closesItsStrings(line: string): boolean;

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&apos;' };

/** Text for an XML element or a quoted attribute. What XML cannot hold at all (isXmlText) is the caller's business. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => special[character] ?? character);
}

/** True where XML 1.0 can hold the text: no control characters (line ends would be changed in attributes), no lone surrogates. */
export function isXmlText(text: string): boolean {
  return !/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(text);
}

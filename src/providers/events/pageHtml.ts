/** Where the page's files are and what the policy has to name. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
  /** What the editor serves local files from. */
  readonly source: string;
  /** Fresh for every page. */
  readonly nonce: string;
  readonly title: string;
  readonly language: string;
}

/** The page's document: one script with the nonce, one style sheet, and nothing else may be loaded, framed, sent or run. */
export function pageHtml(files: PageFiles): string {
  const policy = [`default-src 'none'`, `script-src 'nonce-${files.nonce}'`, `style-src ${files.source}`, `base-uri 'none'`, `form-action 'none'`].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(files.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(files.title)}</title>
<link rel="stylesheet" href="${attribute(files.style)}">
</head>
<body>
<main id="page"></main>
<script nonce="${attribute(files.nonce)}" src="${attribute(files.script)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

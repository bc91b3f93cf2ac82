/** Server scripts are bundled as text (esbuild's `text` loader). */
declare module '*.ps1' {
  const text: string;
  export default text;
}

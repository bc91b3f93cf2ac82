import { strToU8, Zip, ZipDeflate } from 'fflate';

/** Texts as the bytes of one .zip, as they come: texts of one file follow each other. Ends with an error where the texts do; what was given then is no whole archive. */
export async function* zipTexts(texts: AsyncIterable<{ readonly file: string; readonly text: string }>): AsyncGenerator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, bytes) => {
    failure ??= error;
    ready.push(bytes);
  });
  const take = (): Uint8Array[] => {
    if (failure !== null) throw failure;
    return ready.splice(0);
  };
  let open: { readonly name: string; readonly entry: ZipDeflate } | undefined;
  const end = (): void => { open?.entry.push(new Uint8Array(0), true); };
  for await (const { file, text } of texts) {
    if (open?.name !== file) {
      end();
      open = { name: file, entry: new ZipDeflate(file, { level: 6 }) };
      zip.add(open.entry);
    }
    open.entry.push(strToU8(text));
    yield* take();
  }
  end();
  zip.end();
  yield* take();
}

import { constants, crc32, deflateRawSync } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';

/** What a .zip calls deflate. */
const deflated = 8;

/** One file of an archive, compressed by Node's own deflate: pieces end on a byte, so that the next one follows. */
class Entry implements ZipInputFile {
  readonly compression = deflated;
  readonly filename: string;
  size = 0;
  crc = 0;
  ondata?: NonNullable<ZipInputFile['ondata']>;

  constructor(filename: string) {
    this.filename = filename;
  }

  push(bytes: Buffer, isLast: boolean): void {
    this.size += bytes.length;
    this.crc = crc32(bytes, this.crc);
    this.ondata?.(null, new Uint8Array(deflateRawSync(bytes, { finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH })), isLast);
  }
}

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
  let open: Entry | undefined;
  for await (const { file, text } of texts) {
    if (open?.filename !== file) {
      open?.push(Buffer.alloc(0), true);
      open = new Entry(file);
      zip.add(open);
    }
    open.push(Buffer.from(text), false);
    yield* take();
  }
  open?.push(Buffer.alloc(0), true);
  zip.end();
  yield* take();
}

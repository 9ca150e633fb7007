/** The tar format (POSIX ustar), as far as backups need it: plain files with short names, so that `tar tzf` shows what is in one. */

const BLOCK = 512;
/** Sizes from here on do not fit in eleven octal digits and are written in base 256. */
const OCTAL_END = 8 ** 11;

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Must be read to its end before the next entry is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The header of a file; `name` has at most 100 bytes of ASCII. */
export function tarHeader(name: string, size: number, at: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const field = (text: string, offset: number, length: number): void => void header.write(text, offset, length, 'ascii');
  const octal = (value: number, length: number): string =>
    `${Math.floor(value)
      .toString(8)
      .padStart(length - 1, '0')}\0`;
  field(name, 0, 100);
  field(octal(0o600, 8), 100, 8);
  field(octal(0, 8), 108, 8);
  field(octal(0, 8), 116, 8);
  if (size < OCTAL_END) field(octal(size, 12), 124, 12);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  field(octal(at / 1000, 12), 136, 12);
  field('0', 156, 1);
  field('ustar\0', 257, 6);
  field('00', 263, 2);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  field(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  return header;
}

/** Fills up the last block of a file. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK);

/** Reads entries one after another. @throws RangeError for what is no whole archive. */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = byteReader(source);
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const { name, size } = parseHeader(header);
    let left = size;
    const content = (async function* () {
      while (left > 0) {
        const chunk = await bytes.some(left);
        left -= chunk.byteLength;
        yield chunk;
      }
    })();
    yield { name, size, content };
    if (left > 0) throw new RangeError('an entry was not read to its end');
    await bytes.take((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

function parseHeader(header: Buffer): { readonly name: string; readonly size: number } {
  const text = (offset: number, length: number): string =>
    header
      .toString('ascii', offset, offset + length)
      .replace(/\0.*$/su, '')
      .trim();
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== Number.parseInt(text(148, 8), 8)) throw new RangeError('it is no tar archive, or damaged');
  if (!['0', ''].includes(text(156, 1))) throw new RangeError('it holds something that is no plain file');
  const size = header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(text(124, 12) || '0', 8);
  return { name: text(0, 100), size };
}

function byteReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const fill = async (): Promise<void> => {
    const { value, done } = await chunks.next();
    if (done) throw new RangeError('it ends too early');
    rest = rest.length === 0 ? Buffer.from(value) : Buffer.concat([rest, value]);
  };
  return {
    async take(count: number): Promise<Buffer> {
      while (rest.length < count) await fill();
      const taken = rest.subarray(0, count);
      rest = rest.subarray(count);
      return taken;
    },
    async some(atMost: number): Promise<Buffer> {
      while (rest.length === 0) await fill();
      const taken = rest.subarray(0, atMost);
      rest = rest.subarray(taken.length);
      return taken;
    },
  };
}

// Makes the README's picture of a screenshot: the tree's part of it (527 by 764 pixels) in four colours, a tenth of the bytes, since it
// ships in the package. Usage: picture.mjs SCREENSHOT.png PICTURE.png [WIDTH HEIGHT]     (8-bit RGB or RGBA without interlacing, as Chromium writes them)
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const [from, to, wantedWidth = 527, wantedHeight = 764] = process.argv.slice(2);
const png = readFileSync(from);
const data = [];
let width, height, channels;
for (let at = 8; at < png.length;) {
  const length = png.readUInt32BE(at);
  const type = png.toString('latin1', at + 4, at + 8);
  const body = png.subarray(at + 8, at + 8 + length);
  if (type === 'IHDR') {
    [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
    channels = { 2: 3, 6: 4 }[body[9]];
    if (body[8] !== 8 || channels === undefined || body[12] !== 0) throw new Error('Only 8-bit RGB or RGBA without interlacing.');
  }
  if (type === 'IDAT') data.push(body);
  at += 12 + length;
}
const raw = inflateSync(Buffer.concat(data));
const stride = width * channels;
const pixels = Buffer.alloc(stride * height);
const paeth = (a, b, c) => {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};
for (let y = 0; y < height; y += 1) {
  const filter = raw[y * (stride + 1)];
  for (let x = 0; x < stride; x += 1) {
    const a = x < channels ? 0 : pixels[y * stride + x - channels];
    const b = y === 0 ? 0 : pixels[(y - 1) * stride + x];
    const c = x < channels || y === 0 ? 0 : pixels[(y - 1) * stride + x - channels];
    const predicted = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
    pixels[y * stride + x] = raw[y * (stride + 1) + 1 + x] + predicted;
  }
}
const distance = (one, other) => ((one >> 16) - (other >> 16)) ** 2 + ((one >> 8 & 255) - (other >> 8 & 255)) ** 2 + ((one & 255) - (other & 255)) ** 2;
// Of VS Code's light theme: background, text, lesser text and icons, and the one accent. Edges of letters become the nearest of these.
const palette = [0xf8f8f8, 0x3b3b3b, 0x8c8c8c, 0x005fb8];
const nearest = new Map(palette.map((colour, index) => [colour, index]));
const indexOf = (colour) => {
  const known = nearest.get(colour);
  if (known !== undefined) return known;
  let [best, least] = [0, Infinity];
  for (const [index, other] of palette.entries()) {
    const far = distance(colour, other);
    if (far < least) [best, least] = [index, far];
  }
  nearest.set(colour, best);
  return best;
};
// Four pixels a byte, each line after its filter, which is none.
const [cutWidth, cutHeight] = [Math.min(width, Number(wantedWidth)), Math.min(height, Number(wantedHeight))];
const line = Math.ceil(cutWidth / 4) + 1;
const indexed = Buffer.alloc(line * cutHeight);
for (let y = 0; y < cutHeight; y += 1) for (let x = 0; x < cutWidth; x += 1) indexed[y * line + 1 + (x >> 2)] |= indexOf(pixels.readUIntBE(y * stride + x * channels, 3)) << (6 - 2 * (x % 4));
const chunk = (type, body) => {
  const part = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), body, Buffer.alloc(4)]);
  part.writeUInt32BE(body.length, 0);
  part.writeUInt32BE(crc32(part.subarray(4, 8 + body.length)), 8 + body.length);
  return part;
};
const header = Buffer.alloc(13);
header.writeUInt32BE(cutWidth, 0);
header.writeUInt32BE(cutHeight, 4);
header.set([2, 3, 0, 0, 0], 8);
const colours = Buffer.alloc(palette.length * 3);
palette.forEach((colour, index) => colours.writeUIntBE(colour, index * 3, 3));
writeFileSync(to, Buffer.concat([png.subarray(0, 8), chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', deflateSync(indexed, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))]));

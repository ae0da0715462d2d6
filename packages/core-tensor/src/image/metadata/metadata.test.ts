import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type DecodedPicture, decodePicture } from '../decode.js';
import { encodePicture } from '../encode.js';
import { PICTURE_FORMATS } from '../formats.js';
import { numberField, numberOf, readingFrom } from './directory.js';
import { type Exif, exifOfTiff, parseExif, writeExif } from './exif.js';
import { addMetadata, framesIn, metadataIn } from './in-files.js';

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" xmlns:photoshop="p" ' +
  'photoshop:City="Bilbao" xmlns:dc="http://purl.org/dc/elements/1.1/">' +
  '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ada</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>';
const TAGS = { orientation: 274, artist: 315, copyright: 33432, latitude: 2, exposureTime: 33434, width: 40962 };

/** A photograph that stands on its side: 12×8 as stored, 8×12 upright. */
async function photograph(): Promise<Buffer> {
  const noise = Uint8Array.from({ length: 12 * 8 * 3 }, (_, i) => (i * 37) % 256);
  return sharp(noise, { raw: { width: 12, height: 8, channels: 3 } })
    .withExif({
      IFD0: { Artist: 'Ada', Copyright: 'Ada 2026', Make: 'Camera' },
      IFD2: { ExposureTime: '1/250', PixelXDimension: '12', PixelYDimension: '8' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '43/1 15/1 30/1' },
    })
    .withXmp(XMP)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** The metadata of a file, read by sharp; of a TIFF, by us. */
async function read(file: Buffer) {
  const { format, exif, xmp, orientation } = await sharp(file).metadata();
  const own =
    format === 'tiff' ? await exifOfTiff(readingFrom(file), file.subarray(0, 8)) : exif && (await parseExif(exif));
  return { exif: own, xmp: xmp?.toString(), orientation: orientation ?? 1 };
}

const text = (exif: Exif | undefined, tag: number) =>
  exif?.main.has(tag) ? new TextDecoder().decode(exif.main.get(tag)!.bytes).replace(/\0+$/, '') : undefined;

test.each(PICTURE_FORMATS.filter((format) => format !== 'gif'))(
  '%s: metadata are kept, upright, or chosen',
  async (format) => {
    const decoded = await decodePicture(await photograph(), 'p.jpg');
    expect([decoded.picture.width, decoded.picture.height]).toEqual([8, 12]);
    const kept = await read(await encodePicture(decoded, format));
    expect([text(kept.exif, TAGS.artist), text(kept.exif, TAGS.copyright)]).toEqual(['Ada', 'Ada 2026']);
    const { exposure, place } = kept.exif!;
    expect([...exposure.get(TAGS.exposureTime)!.bytes]).toEqual([1, 0, 0, 0, 250, 0, 0, 0]);
    expect(numberOf(exposure.get(TAGS.width))).toBe(8);
    expect([...place.get(TAGS.latitude)!.bytes].filter((_, i) => i % 4 === 0)).toEqual([43, 1, 15, 1, 30, 1]);
    expect(kept.xmp).toBe(XMP.replace('tiff:Orientation="6"', 'tiff:Orientation="1"'));
    expect(kept.orientation).toBe(1);

    const owned = await read(await encodePicture(decoded, format, { metadata: 'copyright' }));
    expect([text(owned.exif, TAGS.artist), text(owned.exif, TAGS.copyright)]).toEqual(['Ada', 'Ada 2026']);
    expect([text(owned.exif, 271), owned.exif!.place.size, owned.exif!.exposure.has(TAGS.exposureTime)]).toEqual([
      undefined,
      0,
      false,
    ]);
    expect(owned.xmp).toContain(
      '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ada</rdf:li></rdf:Alt></dc:rights>',
    );
    expect(owned.xmp).not.toContain('Bilbao');

    const bare = await read(await encodePicture(decoded, format, { metadata: 'none' }));
    expect([text(bare.exif, TAGS.artist), bare.exif?.place.size ?? 0, bare.xmp]).toEqual([undefined, 0, undefined]);
    // The pixels are those without metadata.
    const [with_, without] = await Promise.all(
      (['keep', 'none'] as const).map(async (metadata) =>
        sharp(await encodePicture(decoded, format, { metadata }))
          .raw()
          .toBuffer(),
      ),
    );
    expect(with_!.equals(without!)).toBe(true);
  },
);

test('metadata go from every kind of file to every other, with alpha, 16 bits, frames and profiles', async () => {
  const decoded = await decodePicture(await photograph(), 'p.jpg');
  for (const from of ['png', 'webp', 'avif', 'tiff'] as const) {
    const again = await decodePicture(await encodePicture(decoded, from), from);
    for (const to of ['jpg', 'tiff'] as const) {
      const { exif, xmp } = await read(await encodePicture(again, to));
      expect([text(exif, TAGS.copyright), exif!.place.size, xmp?.includes('Bilbao')], `${from} to ${to}`).toEqual([
        'Ada 2026',
        2,
        true,
      ]);
    }
  }
  const size = 8 * 12;
  const rich: DecodedPicture = { ...decoded, depth: 16, alpha: Uint16Array.from({ length: size }, (_, i) => i * 600) };
  for (const format of ['png', 'tiff', 'webp'] as const) {
    const file = await encodePicture(rich, format);
    const { hasAlpha, depth } = await sharp(file).metadata();
    expect([hasAlpha, depth]).toEqual([true, format === 'webp' ? 'uchar' : 'ushort']);
    expect(text((await read(file)).exif, TAGS.artist)).toBe('Ada');
  }
  const moving = {
    ...decoded,
    further: {
      frames: [{ picture: { ...decoded.picture, data: decoded.picture.data.slice().reverse() } }],
      delay: [40, 50],
    },
  };
  for (const format of ['webp', 'tiff'] as const) {
    const file = await encodePicture(moving as DecodedPicture, format);
    expect((await sharp(file).metadata()).pages).toBe(2);
    expect((await decodePicture(file, format)).further?.frames).toHaveLength(1);
    expect(text((await read(file)).exif, TAGS.artist)).toBe('Ada');
  }
  const p3 = await sharp(await photograph(), { autoOrient: true })
    .keepMetadata()
    .withIccProfile('p3')
    .jpeg()
    .toBuffer();
  const coloured = await encodePicture(await decodePicture(p3, 'p3.jpg'), 'webp');
  const { icc, exif } = await sharp(coloured).metadata();
  expect([icc !== undefined, exif !== undefined]).toEqual([true, true]);
});

test('what a browser writes takes the metadata of the file it was given, and counts its frames', async () => {
  const file = await photograph();
  const metadata = metadataIn(file);
  const canvas = await sharp({ create: { width: 8, height: 12, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    const written = await sharp(canvas)[format]().toBuffer();
    const added = Buffer.from(await addMetadata(written, metadata, 'keep', { width: 8, height: 12 }));
    const { exif, xmp } = await read(added);
    expect([text(exif, TAGS.artist), xmp?.includes('Bilbao')]).toEqual(['Ada', true]);
    expect((await sharp(added).raw().toBuffer()).equals(await sharp(written).raw().toBuffer())).toBe(true);
    expect(metadataIn(added).xmp).toBe(xmp);
    expect(await framesIn(added)).toBe(1);
  }
  const other = await sharp(canvas).negate().toBuffer();
  for (const format of ['gif', 'webp'] as const)
    expect(
      await framesIn(
        await sharp([canvas, other, canvas], { join: { animated: true } })
          [format]()
          .toBuffer(),
      ),
    ).toBe(3);
  expect(await addMetadata(canvas, metadata, 'none', { width: 8, height: 12 })).toBe(canvas);
  await expect(addMetadata(canvas, metadata, 'all' as 'keep', { width: 8, height: 12 })).rejects.toThrow(
    'there is no choice "all" of metadata; choose one of keep, copyright, none',
  );
});

test('XMP that a JPEG cannot store is told', async () => {
  const decoded = await decodePicture(await photograph(), 'p.jpg');
  const large = { ...decoded, metadata: { xmp: XMP.replace('Bilbao', 'x'.repeat(70_000)) } };
  await expect(encodePicture(large, 'jpg')).rejects.toThrow(
    /its XMP data are 7\d kB, more than a JPEG stores; write png or webp, or choose metadata "copyright" or "none"/,
  );
  expect((await read(await encodePicture(large, 'png'))).xmp).toHaveLength(XMP.length - 6 + 70_000);
});

test('EXIF of the other byte order is read; damaged EXIF never fails', async () => {
  const big = Buffer.from('4d4d002a0000000800018298000200000005' + '0000001a' + '00000000' + '41646121' + '00', 'hex');
  expect(text(await parseExif(big), TAGS.copyright)).toBe('Ada!');
  const sample = writeExif({
    main: new Map([[TAGS.artist, { kind: 2, count: 6, bytes: Buffer.from('Ada L\0') }]]),
    exposure: new Map([[TAGS.width, numberField(9, 4)]]),
    place: new Map([[1, { kind: 2, count: 2, bytes: Buffer.from('N\0') }]]),
  });
  expect(text(await parseExif(sample), TAGS.artist)).toBe('Ada L');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 8 }),
      fc.nat(sample.length),
      async (changes, length) => {
        const damaged = sample.slice(0, length);
        for (const [at, value] of changes) if (at < length) damaged[at] = value;
        const exif = await parseExif(damaged);
        if (exif !== undefined) await parseExif(writeExif(exif));
      },
    ),
  );
});

/** XMP of the upright picture: its orientation is 1, and nothing is left that tells of parts which are not written. */
export function uprightXmp(xmp: string): string {
  return withoutLost(xmp)
    .replace(/(tiff:Orientation\s*=\s*)(["'])\d+\2/g, '$1$21$2')
    .replace(/(<tiff:Orientation>)\s*\d+\s*(<\/tiff:Orientation>)/g, '$11$2');
}

/**
 * Names of elements and attributes that tell of parts of the file beside the picture: the video of a motion photo, the
 * brightness map of an HDR photo, a second packet of XMP, and thumbnails, which would show the original.
 */
const LOST =
  '(?:G?Camera:(?:MotionPhoto|MicroVideo)\\w*|Container:Directory|hdrgm:\\w+|HDRGainMap:\\w+|xmpNote:HasExtendedXMP|xmp:Thumbnails)';

function withoutLost(xmp: string): string {
  const attribute = new RegExp(`\\s${LOST}\\s*=\\s*(?:"[^"<>]*"|'[^'<>]*')`, 'g');
  return withoutElements(xmp).replace(attribute, '');
}

function withoutElements(xmp: string): string {
  const opening = new RegExp(`<(${LOST})(?:\\s[^<>]*?)?(/?)>`, 'g');
  let kept = '';
  let from = 0;
  for (let found = opening.exec(xmp); found !== null; found = opening.exec(xmp)) {
    const closing = `</${found[1]}>`;
    const end = found[2] === '/' ? opening.lastIndex : xmp.indexOf(closing, opening.lastIndex) + closing.length;
    // An element that never ends: nothing can be told of a damaged packet.
    if (end < opening.lastIndex) break;
    kept += xmp.slice(from, found.index);
    from = end;
    opening.lastIndex = end;
  }
  return kept + xmp.slice(from);
}

/** Elements and attributes that tell whose a picture is. */
const OWNERS = [
  'dc:creator',
  'dc:rights',
  'photoshop:Credit',
  'xmpRights:Owner',
  'xmpRights:UsageTerms',
  'xmpRights:WebStatement',
  'xmpRights:Marked',
];
const NAMESPACES = [
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"',
  'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"',
].join(' ');

/** Only what tells whose the picture is; undefined if nothing does. */
export function copyrightXmp(xmp: string): string | undefined {
  const elements = OWNERS.flatMap((name) => {
    // The content is text and the lists of RDF, nothing else, so that what is written is well formed.
    const element = new RegExp(
      `<${name}(?:\\s[^<>]*)?>((?:[^<]|</?rdf:(?:Alt|Bag|Seq|li)(?:\\s[^<>]*)?>)*)</${name}>`,
    ).exec(xmp);
    if (element !== null) return [`<${name}>${element[1]}</${name}>`];
    const attribute = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"<>]*)"|'([^'<>]*)')`).exec(xmp);
    const value = attribute?.[1] ?? attribute?.[2];
    return value === undefined ? [] : [`<${name}>${value}</${name}>`];
  });
  if (elements.length === 0) return undefined;
  return (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" ${NAMESPACES}>${elements.join('')}</rdf:Description>` +
    '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
  );
}

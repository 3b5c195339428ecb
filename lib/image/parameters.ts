import sharp, { type Sharp } from 'sharp';

/** The namespace of what livedream writes into pictures. XMP wants a URI, which nobody looks up. */
const NAMESPACE = 'urn:livedream:parameters';

/** A segment of a JPEG holds 65,535 bytes, and libvips leaves out silently what is longer. */
const MOST_BYTES = 60_000;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const UNESCAPES = Object.fromEntries(Object.entries(ESCAPES).map(([plain, escaped]) => [escaped, plain]));

function xmpOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (found) => ESCAPES[found] as string);
  return (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:livedream="${NAMESPACE}">` +
    `<livedream:parameters>${escaped}</livedream:parameters>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
  );
}

/**
 * The instance, which writes into its PNG, JPEG or WebP what the picture was made with, as JSON in XMP. What is too long for
 * that is left out.
 */
export function withParameters(image: Sharp, parameters: object): Sharp {
  const xmp = xmpOf(JSON.stringify(parameters));
  return Buffer.byteLength(xmp) > MOST_BYTES ? image : image.withXmp(xmp);
}

/** What withParameters wrote into an encoded picture; undefined where there is nothing of it. */
export async function readParameters(bytes: Uint8Array): Promise<unknown> {
  const { xmpAsString = '' } = await sharp(bytes).metadata();
  const found = /<livedream:parameters>([^<]*)<\/livedream:parameters>/.exec(xmpAsString)?.[1];
  if (found === undefined) return undefined;
  return JSON.parse(found.replace(/&(amp|lt|gt|quot);/g, (escaped) => UNESCAPES[escaped] as string));
}

/** How parameters are written into pictures, for the service (lib/image/parameters.ts) and for the browser (embed.ts). */

/** XMP wants a URI, which nobody looks up. */
const NAMESPACE = 'urn:livedream:parameters';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const UNESCAPES = Object.fromEntries(Object.entries(ESCAPES).map(([plain, escaped]) => [escaped, plain]));

/** An XMP packet that holds the parameters as JSON. */
export function xmpOf(parameters: object): string {
  const escaped = JSON.stringify(parameters).replace(/[&<>"]/g, (found) => ESCAPES[found] as string);
  return (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:livedream="${NAMESPACE}">` +
    `<livedream:parameters>${escaped}</livedream:parameters>` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
  );
}

/** The parameters of an XMP packet; undefined where it has none. */
export function parametersIn(xmp: string): unknown {
  const found = /<livedream:parameters>([^<]*)<\/livedream:parameters>/.exec(xmp)?.[1];
  if (found === undefined) return undefined;
  return JSON.parse(found.replace(/&(amp|lt|gt|quot);/g, (escaped) => UNESCAPES[escaped] as string));
}

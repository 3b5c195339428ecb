/** How parameters are written into pictures, for the service (lib/image/parameters.ts) and for the browser (embed.ts). */

/** XMP wants a URI, which nobody looks up. */
const NAMESPACE = 'urn:livedream:parameters';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const UNESCAPES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

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

/** As it is written here, or as other programs write it again that change something else: as an attribute. */
const WRITTEN = [
  /<livedream:parameters>([^<]*)<\/livedream:parameters>/,
  /\slivedream:parameters\s*=\s*"([^"<]*)"/,
  /\slivedream:parameters\s*=\s*'([^'<]*)'/,
];

/** What an XML reference stands for: `amp`, `#10`, `#xA`. */
function unescaped(reference: string): string {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return UNESCAPES[reference] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : `&${reference};`);
}

/** The parameters of an XMP packet; undefined where it has none. Throws a SyntaxError where they are no JSON. */
export function parametersIn(xmp: string): unknown {
  const found = WRITTEN.map((pattern) => pattern.exec(xmp)?.[1]).find((text) => text !== undefined);
  if (found === undefined) return undefined;
  return JSON.parse(found.replace(/&(#?\w{1,8});/g, (_, reference: string) => unescaped(reference)));
}

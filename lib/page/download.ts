import { embedded } from './embed.js';
import { made, note, part } from './parts.js';
import { drawn, encoded } from './picture.js';

const FORMATS: Readonly<Record<string, string>> = { PNG: 'image/png', JPEG: 'image/jpeg', WebP: 'image/webp' };
const QUALITY = 0.92;

/** What recipes call the formats of FORMATS. */
const NAMES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

export const FORMAT_NAMES: readonly string[] = Object.keys(NAMES);

/** The format that a recipe names; a browser that does not write it keeps what is chosen. */
export function chooseFormat(name: string): void {
  const format = part('format', HTMLSelectElement);
  const type = NAMES[name];
  if ([...format.options].some(({ value }) => value === type)) format.value = String(type);
}

/** What there is to save. */
export interface Keepsake {
  readonly name: string;
  /** As it came from the service, or a canvas that goes on changing. */
  readonly picture: Blob | HTMLCanvasElement;
  readonly parameters: object;
}

function save(picture: Blob, name: string): void {
  const address = URL.createObjectURL(picture);
  made('a', { href: address, download: name }).click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function fileOf({ picture, parameters }: Keepsake, type: string): Promise<Blob> {
  // The service has written the parameters into it.
  if (picture instanceof Blob && picture.type === type) return picture;
  const canvas = picture instanceof Blob ? await wholly(picture) : picture;
  const { width, height } = canvas;
  return embedded(await encoded(canvas, type, QUALITY), parameters, width, height);
}

async function wholly(picture: Blob): Promise<HTMLCanvasElement> {
  const { width, height } = await createImageBitmap(picture);
  return drawn(picture, width, height);
}

/** Safari writes no WebP, and gives PNG instead. */
async function canWrite(type: string): Promise<boolean> {
  return (await encoded(made('canvas', { width: 1, height: 1 }), type)).type === type;
}

/** The button that saves what there is, in the format chosen beside it. */
export async function startDownload(keepsake: () => Keepsake | undefined): Promise<void> {
  const format = part('format', HTMLSelectElement);
  for (const [name, type] of Object.entries(FORMATS))
    if (await canWrite(type)) format.append(made('option', { value: type, textContent: name }));
  part('download', HTMLButtonElement).addEventListener('click', async () => {
    const kept = keepsake();
    if (!kept) return;
    const type = format.value;
    const file = await fileOf(kept, type);
    const extension = type === 'image/jpeg' ? 'jpg' : type.slice('image/'.length);
    save(file, `${kept.name}.${extension}`);
    note('Saved, with its parameters in it.');
  });
}

export function allowDownload(allowed: boolean): void {
  part('download', HTMLButtonElement).disabled = !allowed;
}

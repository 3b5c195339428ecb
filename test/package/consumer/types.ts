// What the public types promise: what is here compiles, and below each `@ts-expect-error` stands what must not.
import {
  type Dream,
  Dreamer,
  type DreamOptions,
  type DreamParameters,
  doctor,
  ERROR_CODES,
  type ErrorCode,
  installRuntime,
  LiveDreamError,
  type LoadOptions,
  type PictureResult,
  readParameters,
  type StreamedFrame,
} from 'livedream';
import { livedream } from 'livedream/fastify';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => undefined;

holds<Same<Awaited<ReturnType<typeof Dreamer.load>>, Dreamer>>();
holds<Same<ReturnType<Dreamer['dream']>, Promise<Dream>>>();
holds<Same<ReturnType<Dream['toFile']>, Promise<void>>>();
holds<Same<Dream['data'], Uint8Array | Float32Array>>();
holds<Same<Dream['parameters'], DreamParameters>>();
holds<Same<LiveDreamError['code'], ErrorCode>>();
holds<Same<ErrorCode, keyof typeof ERROR_CODES>>();

export const load: LoadOptions = { model: new URL('file:///net.pb'), device: 'gpu:1', xla: 'auto', precision: 'auto' };
export const options: DreamOptions[] = [
  {},
  { filter: 'owl', iterations: [20, 10], seed: 7n },
  { layer: 'mixed4d', channel: 'red apple', signal: new AbortController().signal },
  { layer: 'mixed4d', channels: [20, { channel: 300, weight: 0.5 }], normalize: 'laplacian' },
  { objective: [{ layer: 'mixed4d', weight: 2 }], onProgress: async ({ octave }) => octave },
];

export async function use(dreamer: Dreamer): Promise<void> {
  await using another = await Dreamer.load(load);
  const dream = await another.dream(new Uint8Array(), { depth: 'float32' });
  await dreamer.dream('photo.jpg', dream.parameters);
  await dreamer.dream({ data: new Uint8Array(3), width: 1, height: 1, channels: 3 });
  for await (const result of dreamer.dreamAll(['a.jpg', new Blob()])) {
    const { dream: one, source }: PictureResult<string | Blob> = result;
    // An error may stand in the place of a dream.
    // @ts-expect-error
    one.width;
    if (one) holds<Same<typeof one, Dream>>();
    else console.log(result.error, source);
  }
  for await (const frame of dreamer.stream<number>([{ picture: 'a.jpg', tag: 1 }])) {
    const { width }: StreamedFrame<number> = frame;
    console.log(width);
  }
  await dream.toFile(new URL('file:///dream.webp'), { quality: 90 });
  const bytes: Buffer = await dream.toBuffer('png');
  console.log(bytes, (await readParameters(bytes)).model, (await doctor()).ok, livedream);
  await installRuntime({ variant: 'gpu', from: ['a.whl'] });
}

export function wrong(dreamer: Dreamer, dream: Dream): void {
  // @ts-expect-error A Dreamer is loaded, not made.
  new Dreamer();
  // @ts-expect-error
  Dreamer.load({ device: 1 });
  // @ts-expect-error
  Dreamer.load({ precision: 'float8' });
  // @ts-expect-error
  Dreamer.load({ moddel: 'net.pb' });
  // @ts-expect-error
  dreamer.dream();
  // @ts-expect-error
  dreamer.dream(7);
  // @ts-expect-error Raw pixels without their channels.
  dreamer.dream({ data: new Uint8Array(3), width: 1, height: 1 });
  // @ts-expect-error
  dreamer.dream('a.jpg', { octave: 3 });
  // @ts-expect-error
  dreamer.dream('a.jpg', { octaves: '3' });
  // @ts-expect-error
  dreamer.dream('a.jpg', { normalize: 'gauss' });
  // @ts-expect-error A filter says which layer and channels.
  dreamer.dream('a.jpg', { filter: 'owl', channel: 3 });
  // @ts-expect-error
  dream.width = 3;
  // @ts-expect-error
  dream.parameters.seed = 3n;
  // @ts-expect-error
  dream.toBuffer('bmp');
  // @ts-expect-error
  new LiveDreamError('ERR_LIVEDREAM_OTHER', 'what');
  // @ts-expect-error
  ERROR_CODES.ERR_LIVEDREAM_ABORTED.repair = '';
}

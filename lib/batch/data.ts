import type { NativeDream } from '../binding/native.js';
import type { Picture } from '../image/source.js';

type Data = Picture['data'];

/** Pictures of one size and one kind of data, one after another, as a batch takes them. */
export function joined(pictures: readonly [Data, ...Data[]]): Data {
  const [first, ...others] = pictures;
  if (others.length === 0) return first;
  const length = first.length * pictures.length;
  const all = first instanceof Float32Array ? new Float32Array(length) : new Uint8Array(length);
  pictures.forEach((data, place) => {
    all.set(data, place * first.length);
  });
  return all;
}

/** The picture as often as the batch takes it. */
export function repeated(data: Data, times: number): Data {
  return joined([data, ...Array<Data>(times - 1).fill(data)]);
}

/** The place's part of what a batch gave. */
export function partOf({ data, objectives, moved }: NativeDream, place: number): Omit<NativeDream, 'timings'> {
  const pictures = moved.length;
  const length = data.length / pictures;
  return {
    data: pictures === 1 ? data : data.slice(place * length, (place + 1) * length),
    objectives: objectives.filter((_, index) => index % pictures === place),
    moved: [moved[place] as boolean],
  };
}

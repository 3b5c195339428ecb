/** How long segments are, in frames. */
export interface SegmentLengths {
  /** None is longer. */
  readonly most: number;
  /** A scene that is shorter is dreamed with one beside it, where both together are not too long. */
  readonly least: number;
}

/** A segment's place. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
  readonly begins: 'anew' | 'carried';
}

/** In parts that are as even as they can be: the last of a chain is not to be waited for because of one frame. */
function parts({ first, count }: Omit<Stretch, 'begins'>, most: number): Omit<Stretch, 'begins'>[] {
  const number = Math.ceil(count / most);
  const start = (part: number): number => first + Math.floor((part * count) / number);
  return Array.from({ length: number }, (_, part) => ({ first: start(part), count: start(part + 1) - start(part) }));
}

/**
 * Cuts a film in segments at its scenes, and long scenes once more.
 * @param cuts numbers of the frames where the stream begins anew, in their order, with 0
 */
export function cutScenes(cuts: readonly number[], frames: number, { most, least }: SegmentLengths): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [scene, first] of cuts.entries()) {
    const count = (cuts[scene + 1] ?? frames) - first;
    const last = stretches.at(-1);
    if (last && Math.min(last.count, count) < least && last.count + count <= most)
      stretches[stretches.length - 1] = { ...last, count: last.count + count };
    else
      for (const [place, part] of parts({ first, count }, most).entries())
        stretches.push({ ...part, begins: place === 0 ? 'anew' : 'carried' });
  }
  return stretches;
}

/** Of frames that do not hang together: every segment begins anew. */
export function cutEvenly(frames: number, most: number): Stretch[] {
  return parts({ first: 0, count: frames }, most).map((part) => ({ ...part, begins: 'anew' }));
}

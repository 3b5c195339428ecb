import type { FrameSource } from './frame-source.js';

/** What came out otherwise than the source's header says. */
export function lengthNotes({ promised, complaint }: FrameSource, frames: number): string[] {
  // A rate that varies is known on average only.
  const short = promised !== undefined && frames < promised - Math.max(1, promised / 20);
  return [
    ...(short ? [`the film ends after ${frames} frames, and its header promises ${promised}`] : []),
    ...(complaint === '' ? [] : [`ffmpeg complained of the film: ${complaint}`]),
  ];
}

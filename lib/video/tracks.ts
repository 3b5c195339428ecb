import type { Track } from './film.js';

/** A track of sound or text that the film gets, from its source. */
export interface KeptTrack {
  /** Of the stream in the source. */
  readonly index: number;
  /** As it is; otherwise encoded anew, as the file's type does not hold its codec. */
  readonly copied: boolean;
}

export interface TrackPlan {
  readonly tracks: readonly KeptTrack[];
  readonly notes: readonly string[];
}

/** Whether a film with these tracks can be begun. */
export type Trial = (tracks: readonly KeptTrack[]) => Promise<boolean>;

function nameOf({ kind, index, codec }: Track): string {
  return `${kind === 'audio' ? 'the sound' : 'the text'} of track ${index} (${codec})`;
}

/** Finds out, by trying, which tracks the file's type holds as they are, which encoded anew, and which not at all. */
export async function planTracks(tracks: readonly Track[], trial: Trial): Promise<TrackPlan> {
  const all = tracks.map(({ index }) => ({ index, copied: true }));
  if (all.length === 0 || (await trial(all))) return { tracks: all, notes: [] };
  const kept: KeptTrack[] = [];
  const notes: string[] = [];
  for (const track of tracks) {
    const copied = { index: track.index, copied: true };
    const anew = { index: track.index, copied: false };
    if (await trial([...kept, copied])) {
      kept.push(copied);
    } else if (await trial([...kept, anew])) {
      kept.push(anew);
      notes.push(`${nameOf(track)} is encoded anew, as the file's type does not hold it as it is`);
    } else {
      notes.push(`${nameOf(track)} is left out, as the file's type does not hold it`);
    }
  }
  return { tracks: kept, notes };
}

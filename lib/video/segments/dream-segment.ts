import { rm } from 'node:fs/promises';
import type { Dream } from '../../dream.js';
import type { Dreamer } from '../../dreamer.js';
import { inJson } from '../../json.js';
import type { DreamOptions } from '../../options/dream-options.js';
import type { Carry, StreamCheckpoint, StreamPlace } from '../../stream/checkpoint.js';
import { StreamedFrame } from '../../stream/frame.js';
import { aborted } from '../aborted.js';
import { ahead } from '../ahead.js';
import { dreamAlone, dreamCoherent, type FrameDreamer } from '../dream-frames.js';
import { FrameFile } from '../frame-file.js';
import { fullDisk } from '../full-disk.js';
import { packState, unpackState } from '../stream-state.js';
import { mismatch, SegmentReader, type SegmentSource } from './read-segment.js';

export interface DreamSegment extends SegmentSource {
  readonly dreamer: Pick<Dreamer, 'dream' | 'stream'>;
  /** The checkpoint that the segment before left, where this one is carried. */
  readonly checkpoint?: Uint8Array | undefined;
  /** Where the manifest's options name files that lie elsewhere here, such as guides: the same with these. */
  readonly dream?: DreamOptions | undefined;
  /** For the finished frames; what is there goes. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** How many frames of the segment are finished. */
  readonly onFrame?: (finished: number) => void;
}

export interface DreamedSegment {
  readonly frames: number;
  /** What the next segment goes on from, where it does. */
  readonly checkpoint: Buffer | undefined;
  /** How many frames were read, with those that come before it where it was sought. */
  readonly decoded: number;
  /** Of its first frame. */
  readonly warnings: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

const READ_AHEAD = 2;

/** Where its stream begins. */
function beginning({ segment, checkpoint }: DreamSegment): StreamCheckpoint | StreamPlace {
  const { first, begins, index } = segment;
  if (begins === 'anew') return { frames: first };
  if (checkpoint === undefined) throw mismatch(`Segment ${index} goes on from a checkpoint, and none was given`);
  const kept = unpackState(Buffer.from(checkpoint.buffer, checkpoint.byteOffset, checkpoint.byteLength));
  if (kept?.frames === first && kept.state.frames === first) return kept.state;
  const is = kept ? `is the one after ${kept.frames} frames` : 'is damaged';
  throw mismatch(`Segment ${index} goes on after ${first} frames, and its checkpoint ${is}`);
}

function frameDreamer(given: DreamSegment, onDream: (dream: Dream) => void): FrameDreamer {
  const { dreamer, manifest, signal } = given;
  const { stream } = manifest.request;
  const options = { ...(given.dream ?? (manifest.request.dream as DreamOptions)), signal };
  if (stream.coherence === false) return dreamAlone((picture, each) => dreamer.dream(picture, each), options, onDream);
  const from = beginning(given);
  return dreamCoherent((frames) => dreamer.stream(frames, { ...options, ...stream, from }), onDream);
}

/** Throws where the stream begins anew elsewhere than it was planned: then this machine computes motion otherwise. */
function checkCarry({ segment }: DreamSegment, place: number, carry: Carry): void {
  const number = segment.first + place;
  const planned = segment.cuts.includes(number);
  if (carry === 'alone' || planned === (carry !== 'carried')) return;
  const [is, was] = planned ? ['goes on', 'begins anew'] : ['begins anew', 'goes on'];
  throw mismatch(`The stream ${is} with frame ${number} here, and ${was} where it was planned`);
}

async function dream(given: DreamSegment, file: FrameFile): Promise<DreamedSegment> {
  const { segment, signal, onFrame } = given;
  let first: Dream | undefined;
  let place = 0;
  const dreamer = frameDreamer(given, (each) => {
    first ??= each;
    if (each instanceof StreamedFrame) checkCarry(given, place, each.carry);
    place += 1;
  });
  const reader = new SegmentReader(given);
  let last: (() => Promise<StreamCheckpoint>) | undefined;
  for await (const { frame, state } of ahead(dreamer(ahead(reader.frames(), READ_AHEAD), undefined), 1)) {
    signal.throwIfAborted();
    await file.append(frame);
    last = state;
    onFrame?.(file.count);
  }
  const end = segment.first + segment.count;
  return {
    frames: file.count,
    checkpoint: segment.leaves && last ? packState(await last(), end) : undefined,
    decoded: reader.decoded,
    warnings: first?.warnings ?? [],
    parameters: first ? inJson(first.parameters) : {},
  };
}

/**
 * Dreams the frames of a segment, and writes them to a file, bytes that are the same each time.
 * Rejects with ERR_LIVEDREAM_SEGMENT_MISMATCH where film or checkpoint are not what was planned, ERR_LIVEDREAM_OUTPUT_UNWRITABLE
 * where the disk is full, ERR_LIVEDREAM_ABORTED, and as films and dreams do.
 */
export async function dreamSegment(given: DreamSegment): Promise<DreamedSegment> {
  const { segment, file, signal } = given;
  try {
    await rm(file, { force: true });
    const frames = await FrameFile.open(file, segment.first);
    try {
      return await dream(given, frames);
    } finally {
      await frames.close();
    }
  } catch (error) {
    throw aborted(fullDisk(error, file, 'Make room there, and dream the segment again.'), signal);
  }
}

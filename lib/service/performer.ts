import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Dream, DreamJson } from '../dream.js';
import type { Dreamer } from '../dreamer.js';
import type { Start } from '../image/start.js';
import type { AnswerOptions } from '../options/answer-options.js';
import type { DreamOptions, DreamProgress } from '../options/dream-options.js';
import type { RawPicture } from '../picture-input.js';
import type { Activity } from './activity.js';
import type { Spent } from './metrics.js';
import type { ResultFormat } from './schemas.js';

/** What a client asked for. */
export interface Asked extends AnswerOptions {
  /** What is sent, or what is to be begun with. */
  readonly picture: Buffer | Start;
  /** The picture in the options' mask. */
  readonly mask?: Buffer;
  readonly options: DreamOptions;
  readonly format: ResultFormat;
}

/** Where a dream is on its way. */
export type DreamPlace = Pick<DreamProgress, 'octave' | 'octaves' | 'iteration' | 'iterations' | 'fraction'>;

/** Who looks at a dream while it is made. */
export interface Watching {
  readonly onProgress?: (place: DreamPlace) => void;
  /** With the picture as it then is, as a small JPEG that is made when it is asked for. */
  readonly onPreview?: (place: DreamPlace, jpeg: () => Promise<Buffer>) => Promise<void>;
  /** Milliseconds between two. */
  readonly previewInterval?: number;
}

/** A dream as it goes to the client. */
export interface Dreamed {
  readonly bytes: Buffer;
  readonly dream: DreamJson;
  /** Undefined where nothing was dreamed for it, as it was there from before. */
  readonly spent: Spent | undefined;
}

/** What the routes tell of what is dreamed with. */
export type ServedModel = Pick<Dreamer, 'model' | 'modelSha256' | 'device' | 'xla' | 'why' | 'defaultOptions'> & {
  readonly filters: ReturnType<Dreamer['filters']>;
  readonly layers: ReturnType<Dreamer['layers']>;
  /** What clients may ask of `xla`. */
  readonly xlaChoices: readonly boolean[];
};

export type Pixels = Pick<Dream, 'data' | 'width' | 'height'>;

/** Who dreams for a service: a Dreamer of this process, or the workers of a farm. All of it fails by errors that `faultOf` knows. */
export interface Performer {
  /** Throws where it is not known yet. */
  model(): ServedModel;
  /** Rejects where nothing can be dreamed now. */
  ready(): Promise<void>;
  /** The least side of a picture for a layer of a filter. */
  leastSize(layer: string): Promise<number>;
  dream(asked: Asked, signal: AbortSignal, watching: Watching): Promise<Dreamed>;
  /** A dream for the service itself, when there is time. */
  pixels(picture: RawPicture, options: DreamOptions, signal: AbortSignal): Promise<Pixels>;
  /** Adds what it counts to a service's metrics. */
  measure(registry: Registry, activity: Activity): void;
  /** Opens the live socket; what happens on it is counted. */
  openLive(app: FastifyInstance, registry: Registry): Promise<void>;
  /** Of the service; what was given to it stays open. */
  close(): void;
}

import { setTimeout as after } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dreamed } from './dreams.js';
import { EventStream } from './event-stream.js';
import { faultOf } from './faults.js';
import { leaving } from './leaving.js';
import type { Asked, Dreamed, DreamPlace, Watching } from './performer.js';
import { RESULT_TYPES } from './schemas.js';
import type { Service } from './service.js';

/** Milliseconds between two events of progress at least. */
const BETWEEN_PROGRESS = 100;
/** What fails sooner has a status of its own; a client of what takes longer hears that it was let in. */
const BEFORE_EVENTS = 500;

function placeOf({ octave, octaves, iteration, iterations, fraction }: DreamPlace): object {
  return { octave, octaves, iteration, iterations, fraction };
}

/** Offers what a dream tells of itself; `begun` is called with the first of it. */
function watching(events: EventStream, { limits: { previewRate } }: Service, begun: () => void): Watching {
  let told = Number.NEGATIVE_INFINITY;
  const onProgress = (place: DreamPlace): void => {
    begun();
    const now = performance.now();
    if (now - told < BETWEEN_PROGRESS) return;
    told = now;
    events.offer('progress', placeOf(place));
  };
  if (previewRate === 0) return { onProgress };
  const onPreview = async (place: DreamPlace, jpeg: () => Promise<Buffer>): Promise<void> => {
    if (!events.full) events.offer('progress', { ...placeOf(place), preview: (await jpeg()).toString('base64') });
  };
  return { onProgress, onPreview, previewInterval: 1000 / previewRate };
}

function resultOf({ bytes, dream }: Dreamed, { format }: Asked): object {
  const { width, height, device, xla, parameters, timings, warnings } = dream;
  const told = { width, height, device, xla, parameters, timings, warnings };
  return { type: RESULT_TYPES[format], ...told, image: bytes.toString('base64') };
}

function errorOf(error: unknown, { metrics }: Service, request: FastifyRequest): object {
  const { status, code, message, retryAfter } = faultOf(error);
  metrics.rejected(code);
  if (status === 500) request.log.error({ err: error }, 'a request failed');
  return { status, code, message, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** A dream as server-sent events. Rejects with what fails before the first of them, which is answered as ever. */
export async function dreamEvents(
  service: Service,
  asked: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const events = new EventStream(service.limits.heartbeat);
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const work = dreamed(service, asked, leaving(reply), watching(events, service, begin));
  try {
    await Promise.race([work, begun, after(BEFORE_EVENTS, undefined, { ref: false })]);
  } catch (error) {
    events.destroy();
    throw error;
  }
  work.then(
    (done) => events.finish('result', resultOf(done, asked)),
    (error: unknown) => events.finish('error', errorOf(error, service, request)),
  );
  return reply.type('text/event-stream').header('vary', 'accept').header('x-accel-buffering', 'no').send(events);
}

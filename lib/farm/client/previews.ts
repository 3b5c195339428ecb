import type { Redis } from 'ioredis';
import { type FarmPreview, readPreview } from '../jobs/preview.js';
import { previewChannel } from '../names.js';

type Listener = (preview: FarmPreview) => void;

/** Hears what workers show of jobs, on a connection of its own that is opened for the first who wants to see. */
export class Previews {
  readonly #redis: Redis;
  readonly #namespace: string;
  readonly #listeners = new Map<string, Set<Listener>>();
  #subscriber: Redis | undefined;

  constructor(redis: Redis, namespace: string) {
    this.#redis = redis;
    this.#namespace = namespace;
  }

  /** Calls the listener until the function that it returns is called. */
  listen(id: string, listener: Listener): () => void {
    const channel = previewChannel(this.#namespace, id);
    const listeners = this.#listeners.get(channel) ?? new Set<Listener>();
    this.#listeners.set(channel, listeners.add(listener));
    // Who hears late, or of a broken connection nothing, has lost a preview.
    if (listeners.size === 1)
      void this.#open()
        .subscribe(channel)
        .catch(() => undefined);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      void this.#open()
        .unsubscribe(channel)
        .catch(() => undefined);
    };
  }

  close(): void {
    this.#subscriber?.disconnect();
  }

  #open(): Redis {
    if (this.#subscriber) return this.#subscriber;
    const subscriber = this.#redis.duplicate();
    this.#subscriber = subscriber;
    // Breaks mend themselves, and what was subscribed to is then subscribed to again.
    subscriber.on('error', () => undefined);
    subscriber.on('messageBuffer', (channel: Buffer, bytes: Buffer) => {
      const preview = readPreview(bytes);
      for (const listener of this.#listeners.get(channel.toString()) ?? []) if (preview) listener(preview);
    });
    return subscriber;
  }
}

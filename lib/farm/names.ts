/** The queue's name within a farm's namespace. */
export const QUEUE = 'dreams';

/** How long a job waits before its next attempt: `backoffStrategy`, of all workers alike. */
export const BACKOFF = 'doubling';

/** Where workers tell what they are, by their ids: a hash. */
export function workersKey(namespace: string): string {
  return `${namespace}:workers`;
}

/** Where it is told that a job is not wanted any more. */
export function cancelChannel(namespace: string): string {
  return `${namespace}:cancel`;
}

/** Where a job's previews are told to whoever listens; Redis keeps none. */
export function previewChannel(namespace: string, id: string): string {
  return `${namespace}:preview:${id}`;
}

// inception5h's structure with random weights, for benchmarks of the API.
import { DEFAULT_MODEL, MODELS } from './bench/models.mjs';

/** Whether inception5h's structure is on this machine. */
export const hasInception5h = DEFAULT_MODEL === 'inception5h';

/** As `Dreamer.load` takes it. */
export function inception5h() {
  const { file, objective } = MODELS.inception5h();
  const preprocessing = { channelOrder: 'rgb', mean: 117, scale: 1 };
  return { graph: file, input: 'input', preprocessing, defaultLayer: objective.layer };
}

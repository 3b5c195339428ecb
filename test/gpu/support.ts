import { findRuntime } from '../../lib/runtime/find/find.js';
import { gatherGpuFacts } from '../../lib/runtime/find/gpu.js';

const runtime = await findRuntime().catch(() => undefined);
const { driverLibrary, deviceFiles } = await gatherGpuFacts(runtime?.library);

/** NVIDIA's devices that there are with a driver, as far as the runtime is for GPUs: tests of a GPU are skipped by name without. */
export const GPUS = runtime?.variant === 'cpu' || driverLibrary === undefined ? 0 : deviceFiles.length;

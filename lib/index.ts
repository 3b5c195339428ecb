export type {
  NativeLayer as Layer,
  NativeLayerSummary as LayerSummary,
  NativeObjective as Objective,
  NativeStatistics as Statistics,
} from './binding/native.js';
export { type Device, devices } from './device.js';
export { type DoctorReport, doctor } from './doctor.js';
export { Dream, type DreamParameters, type DreamTimings } from './dream.js';
export { Dreamer, type Gradient } from './dreamer.js';
export { ERROR_CODES, type ErrorCode, LiveDreamError } from './errors.js';
export type { EncodeOptions, PictureFormat } from './image/encode.js';
export type { PictureInput, RawPicture } from './image/source.js';
export type { Filter, ModelDescription, Preprocessing } from './model/description.js';
export type { ModelInput, ModelObject } from './model/source.js';
export type { DreamOptions, DreamProgress } from './options/dream-options.js';
export type { LoadOptions } from './options/load-options.js';
export type { Channel, ChannelWeight, ObjectiveOptions } from './options/objective.js';
export type { Preset } from './options/preset.js';
export type { Size } from './plan/octaves.js';
export { type InstallOptions, type InstallProgress, installRuntime } from './runtime/install.js';

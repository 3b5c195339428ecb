export { type BenchOptions, bench } from './bench/bench.js';
export {
  type BenchComparison,
  type BenchDifference,
  type BenchVerdict,
  compareBenches,
  type PeakDifference,
} from './bench/compare.js';
export type { BenchEnvironment } from './bench/environment.js';
export type { PeerName } from './bench/peers/catalogue.js';
export type {
  BenchChecked,
  BenchCold,
  BenchModel,
  BenchPeak,
  BenchReport,
  BenchResult,
  BenchSkipped,
  BenchSteady,
  BenchUpdate,
  BenchVariant,
} from './bench/report.js';
export type {
  NativeInput as ModelPictureInput,
  NativeStatistics as Statistics,
  NativeTrace as ProfiledProgram,
  NativeTracedOperation as ProfiledOperation,
} from './binding/native.js';
export { type AddedModel, type AddOptions, type AddProgress, addModel } from './catalogue/add.js';
export { type ModelEntry, type ModelOrigin, models } from './catalogue/entries.js';
export { type FetchedModel, type FetchOptions, type FetchProgress, fetchModel } from './catalogue/fetch/fetch.js';
export { type FilterOptions, type NamedFilter, nameFilter, removeFilter } from './catalogue/filters.js';
export type { PreprocessingGuess } from './catalogue/guess.js';
export { type RemovedModel, removeModel } from './catalogue/remove.js';
export { type Device, devices } from './device.js';
export { type DoctorReport, doctor } from './doctor.js';
export {
  Dream,
  type DreamAgain,
  type DreamJson,
  type DreamParameters,
  type DreamTimings,
  type PictureParameters,
} from './dream.js';
export type { DreamAllOptions, PictureProgress, PictureResult, Pictures } from './dream-all.js';
export { Dreamer } from './dreamer.js';
export { ERROR_CODES, type ErrorCode } from './error-codes.js';
export { LiveDreamError } from './errors.js';
export { readDirection } from './files/direction.js';
export type { PictureFormat } from './formats.js';
export type { Gradient } from './gradient.js';
export type { PictureInput, RawPicture } from './image/source.js';
export type { SourceFacts } from './image/source-facts.js';
export type { LoadOptions } from './load-options.js';
export type { MadeBy } from './made.js';
export type { DescribedLayer } from './model/described-layers.js';
export type { Feeds, Filter, ModelDescription, Preprocessing } from './model/description.js';
export type { FetchDescription } from './model/fetch-description.js';
export type { Layer, LayerSummary } from './model/layer.js';
export type { Objective } from './model/objective.js';
export type { ModelInput, ModelObject } from './model/source.js';
export type { ObjectiveRecord, TermRecord } from './model/terms.js';
export type { DreamOptions, DreamPreview, DreamProgress } from './options/dream-options.js';
export type { EncodeOptions, FileOptions, PictureFileOptions, PictureOptions } from './options/encode-options.js';
export type { Length, Mask, MaskChannel, MaskEllipse, MaskFacts, MaskRectangle, RecordedMask } from './options/mask.js';
export type { Channel, ChannelWeight, ObjectiveOptions, TermOptions } from './options/objective.js';
export type { Preset } from './options/preset.js';
export type { ChangedOptions, FrameOptions } from './options/stream-options.js';
export type { GuidePicture, GuideRecord } from './options/terms.js';
export type { Estimate } from './plan/estimate.js';
export type { OperationTime, Profile } from './profile/profile.js';
export { type TraceEvent, type TraceFile, traceFile } from './profile/trace-events.js';
export type { Recipe, RecipeOptions } from './recipe/fields.js';
export { readRecipe } from './recipe/read.js';
export { recipeOf } from './recipe/recipe-of.js';
export { compareParameters, type ParameterDifference } from './replay/differences.js';
export { loadOptionsOf } from './replay/load-options.js';
export { readParameters } from './replay/read-parameters.js';
export { type ReplayOptions, replay } from './replay/replay.js';
export type { Response, ResponseOptions } from './responses.js';
export {
  type ClearedCompileCache,
  type CompileCache,
  clearCompileCache,
  compileCache,
} from './runtime/compile-cache/compile-cache.js';
export type { CompiledProgram } from './runtime/compile-cache/entries.js';
export { type InstallOptions, type InstallProgress, installRuntime } from './runtime/install/install.js';
export type { SheetCell } from './sheet/cells.js';
export type { SheetControl, SheetPage, SheetProgress } from './sheet/page.js';
export { planSheet, type Sheet, type SheetOptions } from './sheet/sheet.js';
export type { Size } from './size.js';
export type { Carry, StreamCheckpoint, StreamPlace } from './stream/checkpoint.js';
export { DreamStream } from './stream/dream-stream.js';
export {
  type FrameInput,
  type FrameStages,
  StreamedFrame,
  type StreamFrames,
  type StreamInput,
} from './stream/frame.js';
export type { StreamOptions } from './stream/open.js';
export { type OpticalFlow, opticalFlow } from './stream/optical-flow.js';
export type { WebTransform } from './stream/transform.js';
export {
  type ClearedBatches,
  clearMeasuredBatches,
  type FastestBatch,
  type MeasuredBatches,
  measuredBatches,
} from './tuning/measured-batches.js';
export type { SharedOptions, Variation, VariationsProgress, VariedDream } from './variations.js';

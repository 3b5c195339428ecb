export type { CleanOptions, FarmPlace, JobOptions, WorkOptions } from '../options/farm-options.js';
export type { FarmDream, FilmAsked, WatchedOptions } from './client/asked.js';
export type { Outcome } from './client/many.js';
export type { AskedNeeds } from './client/own-model.js';
export type { Cleaned, FarmStatus, JobCounts, SeenJob, ShownProgress } from './client/told.js';
export {
  Farm,
  type FarmDreamOptions,
  type FarmFilm,
  type FarmFilmOptions,
  type WorkerOptions,
  workOnFarm,
} from './farm.js';
export type { AboutModel } from './jobs/about.js';
export type { FilmDone } from './jobs/film-job.js';
export type { KnownWorker } from './jobs/known-worker.js';
export type { Needs, WorkerFacts } from './jobs/needs.js';
export type { FarmPreview } from './jobs/preview.js';
export type { PictureDone } from './jobs/results.js';
export { type FarmMonitor, monitorFarm } from './monitor/monitor.js';
export type { FarmWorker, JobTold } from './work/farm-worker.js';

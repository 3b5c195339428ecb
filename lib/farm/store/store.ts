/** What is known of one thing in a store. */
export interface Stored {
  readonly key: string;
  readonly bytes: number;
  readonly changed: Date;
  /** Of an upload to S3 that was not finished: its id. */
  readonly upload?: string;
}

/** A file that is there until it is let go of. */
export interface LocalFile extends AsyncDisposable {
  readonly file: string;
}

/**
 * Where a farm's pictures, films and results lie, which all machines see. A key is written whole or not at all; what is written under
 * one is always the same, so that a job that is done twice leaves what it left once. All methods reject with
 * ERR_LIVEDREAM_FARM_STORE where the store cannot be used.
 */
export interface FarmStore {
  /** For messages: without secrets. */
  readonly place: string;
  /** Writes, reads and removes something. */
  check(): Promise<void>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Rejects with ERR_LIVEDREAM_ABORTED where the signal was aborted, and then leaves nothing. */
  putFile(key: string, file: string, signal?: AbortSignal): Promise<void>;
  /** Undefined where it is not there. */
  get(key: string): Promise<Buffer | undefined>;
  /** As a file of this machine, which must not be changed; undefined where it is not there. */
  local(key: string, signal?: AbortSignal): Promise<LocalFile | undefined>;
  has(key: string): Promise<boolean>;
  /** When it was written or touched; undefined where it is not there. */
  changed(key: string): Promise<Date | undefined>;
  /** Makes it as young as if it were written now, and says whether it is there: what was found so is not cleaned away. */
  touch(key: string): Promise<boolean>;
  remove(key: string, upload?: string): Promise<void>;
  /** All that is there, in no order, and what killed processes left unfinished. */
  list(): AsyncGenerator<Stored, void, undefined>;
  close(): void;
}

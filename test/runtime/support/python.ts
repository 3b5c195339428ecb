import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { executable, type Place } from './place.js';

export interface FakePython {
  /** Such as '24.0'; without it this Python has no pip. */
  readonly pip?: string;
  /** What `pip download` does; $dest is the folder, $project the project that was asked for. */
  readonly download?: string;
  /** The installed TensorFlow. */
  readonly tensorflow?: { readonly folder: string; readonly version: string };
}

/** Reads `--dest` and the requirements file from pip's arguments. */
const READ_ARGUMENTS = `
  while [ $# -gt 0 ]; do
    case "$1" in --dest) dest=$2 ;; --requirement) requirements=$2 ;; esac
    shift
  done
  project=$(sed 's/==.*//' "$requirements")
  cat "$requirements" >> "$log"`;

/** Puts an executable there that answers as Python and its pip would, and logs what it is asked. */
export function fakePython(place: Place, python: FakePython, file = path.join(place.bin, 'python3')): void {
  const { pip, download = 'exit 1', tensorflow } = python;
  executable(
    file,
    `log='${logFile(place)}'
echo "$0 $*" >> "$log"
case "$*" in
  *importlib.metadata*) ${tensorflow ? `echo 'a greeting'; echo '${JSON.stringify(tensorflow)}'` : 'true'} ;;
  *python_version*) echo "$0"; echo 3.11.0 ;;
  *"pip --version") ${pip ? `echo 'pip ${pip} from somewhere'` : 'exit 1'} ;;
  *"pip download"*) ${READ_ARGUMENTS}
    ${download} ;;
  *) exit 2 ;;
esac`,
  );
}

function logFile(place: Place): string {
  return path.join(place.folder, 'python.log');
}

/** All that fake Pythons were asked, a line each. */
export function pythonLog(place: Place): string {
  return existsSync(logFile(place)) ? readFileSync(logFile(place), 'utf8') : '';
}

/** A `pip download` that finds its wheels in a folder. */
export function copyFrom(folder: string): string {
  return `cp "${folder}"/$(echo "$project" | tr - _)-*.whl "$dest"/`;
}

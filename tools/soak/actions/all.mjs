// Everything that a step of a soak may be, with how often it is.
import * as dreams from './dreams.mjs';
import * as files from './files.mjs';
import * as lives from './lives.mjs';
import { ask, flow, looks } from './looks.mjs';
import * as many from './many.mjs';
import * as streams from './streams.mjs';
import * as threads from './threads.mjs';
import * as wrong from './wrong.mjs';

/** Groups of actions, and of each group how often its actions are. */
const GROUPS = [
  ['dream', dreams, { dream: 20, several: 6, abort: 14, timeOut: 8, callback: 5, previews: 3 }],
  ['many', many, { dreamAll: 6, variations: 5 }],
  ['stream', streams, { stream: 10, nodeStream: 3, webStream: 3 }],
  [
    'look',
    { ...looks, ask, flow },
    { ...Object.fromEntries(Object.keys(looks).map((name) => [name, 1])), flow: 2, ask: 0.3 },
  ],
  ['file', files, { encode: 4 }],
  ['wrong', wrong, { picture: 12, flipped: 5, option: 14, objective: 8, other: 8, endlessStream: 1 }],
  ['life', lives, { replace: 2, brief: 4, load: 3, forgotten: 1, limited: 2, wrong: 8, again: 2 }],
  ['thread', threads, { thread: 2 }],
];

/** @type {[weight: number, action: { name: string, run: (context: any) => Promise<string> }][]} */
export const ACTIONS = GROUPS.flatMap(([group, actions, weights]) =>
  Object.entries(weights).map(([name, weight]) => [weight, { name: `${group} ${name}`, run: actions[name] }]),
);

import type { GivenOptions, OptionTable } from './description.js';
import { ENCODE_OPTIONS } from './encode-options.js';

/** What a client of the service may say of its dream, beside the dream's own options. */
export const ANSWER_OPTIONS = {
  ...ENCODE_OPTIONS,
  xla: {
    kind: 'choice',
    default: undefined,
    otherwise: 'as the service dreams by itself',
    choices: [true, false],
    about: 'Dream with XLA or without, where the service can do both: `xlaChoices` of GET /v1/models.',
  },
} as const satisfies OptionTable;

export type AnswerOptions = GivenOptions<typeof ANSWER_OPTIONS>;

import { errorOfField, LiveDreamError, optionRangeError } from '../errors.js';
import type { Channel } from '../options/channels.js';
import { nearNames } from '../options/read.js';
import { MOST_TERMS } from '../options/term-fields.js';
import type { TermRequest } from '../options/terms.js';
import { plain } from './channel-names.js';
import type { ModelDescription } from './description.js';
import { type LayerSummary, nodeName } from './layer.js';
import { defaultLayer, type KnownLayers, type Objective, resolveLayer, unknownLayer } from './objective.js';
import type { Term } from './terms.js';

/** The layer of a model's classes, where several have names: what the embedded network calls it. */
const CLASSES = 'classes';

/** What makes probabilities of classes' answers, or passes them on: there a class that is sure has no slope any more. */
const AFTER_ANSWERS = /^(Identity|LogSoftmax|Reshape|Sigmoid|Softmax|Squeeze)$/;

function summaryOf(layer: string, known: KnownLayers): LayerSummary {
  const name = nodeName(layer);
  const found = known.layers.find((each) => each.name === name);
  if (found === undefined) throw unknownLayer(name, known);
  return found;
}

function ofObjective({ layer, kind, channels }: Objective, weight: number): Term {
  return kind === 'layer' ? { layer, kind, weight } : { layer, kind, channels, weight };
}

function noClass(what: string): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_CHANNEL_UNKNOWN', what);
}

/**
 * The layer that a class is a channel of: the one that is named so, or among those with names the one that has it. A number of a
 * network without names is one of its last head's.
 */
function layerOfClass(wanted: Channel, { channelNames = {} }: ModelDescription, known: KnownLayers): string {
  const named = Object.entries(channelNames);
  if (Object.hasOwn(channelNames, CLASSES) || known.layers.some(({ name }) => name === CLASSES)) return CLASSES;
  if (named.length === 0) {
    const head = known.layers.findLast(({ head, op }) => head && !AFTER_ANSWERS.test(op));
    if (head !== undefined && typeof wanted === 'number') return head.name;
    throw noClass(
      `The model names no classes: none of its layers has 'channelNames', and none is called '${CLASSES}'. Give the ${head ? `class's number, or the layer of its head with it` : 'layer of its head with the class'}, or a channel instead.`,
    );
  }
  const [last] = named[named.length - 1] as [string, readonly string[]];
  if (typeof wanted === 'number') return last;
  return named.find(([, names]) => names.some((each) => plain(each) === plain(wanted)))?.[0] ?? last;
}

function classNumber(wanted: Channel, layer: string, model: ModelDescription): number {
  if (typeof wanted === 'number') return wanted;
  const names = model.channelNames?.[layer] ?? [];
  const number = names.findIndex((name) => plain(name) === plain(wanted));
  if (number >= 0) return number;
  const near = nearNames(plain(wanted), names.map(plain)).map((each) => `'${each}'`);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `the layer '${layer}' has ${names.length} names.`;
  throw noClass(`The model has no class '${wanted}'; ${hint}`);
}

function termsOf(term: TermRequest, field: string, model: ModelDescription, known: KnownLayers): Term[] {
  const { weight } = term;
  switch (term.kind) {
    case 'filter':
      return [ofObjective(resolveLayer(term, model, known).objective, weight)];
    case 'guide': {
      const { guide, match, layers = [defaultLayer(model, known.layers)] } = term;
      const each = weight / layers.length;
      return layers.map((layer) => ({
        ...{ layer: summaryOf(layer, known).name, kind: 'guide', weight: each, match, guide, field },
      }));
    }
    case 'class': {
      const { name: layer } = summaryOf(term.layer ?? layerOfClass(term.class, model, known), known);
      return [
        { layer, kind: 'channels', channels: [{ channel: classNumber(term.class, layer, model), weight: 1 }], weight },
      ];
    }
    case 'direction': {
      const { name: layer, channels } = summaryOf(term.layer, known);
      const { direction } = term;
      if (direction.length !== channels)
        throw optionRangeError(
          `${field}.direction`,
          `${channels} numbers, one for each channel of '${layer}'`,
          direction,
        );
      return [{ layer, kind: 'direction', direction, weight }];
    }
    case 'channels': {
      const { objective } = resolveLayer(term, model, known);
      return [ofObjective(objective, weight)];
    }
    case 'layer':
      return [{ layer: summaryOf(term.layer, known).name, kind: 'layer', weight }];
  }
}

/** Which part of a term the model does not have, by the error's code. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  ERR_LIVEDREAM_FILTER_UNKNOWN: ['filter'],
  ERR_LIVEDREAM_LAYER_UNKNOWN: ['layer'],
  ERR_LIVEDREAM_CHANNEL_UNKNOWN: ['class', 'channels'],
};

function placed(error: unknown, field: string, term: TermRequest): unknown {
  if (!(error instanceof LiveDreamError)) return error;
  const parts = WRONG[error.code] ?? [];
  const part = parts.length === 1 ? parts[0] : parts.find((each) => each in term);
  return errorOfField(error, part === undefined ? field : `${field}.${part}`);
}

/** What a sum is of this model. Throws as resolveLayer does, the term's field before what is wrong with it. */
export function resolveTerms(terms: readonly TermRequest[], model: ModelDescription, known: KnownLayers): Term[] {
  let regions = 0;
  const resolved = terms.flatMap((term, index) => {
    const field = `objective[${index}]`;
    try {
      const own = termsOf(term, field, model, known);
      if (!term.mask) return own;
      const region = regions;
      regions += 1;
      return own.map((each) => ({ ...each, region }));
    } catch (error) {
      throw placed(error, field, term);
    }
  });
  if (resolved.length > MOST_TERMS)
    throw optionRangeError('objective', `of at most ${MOST_TERMS} terms, a guide's counted by layers`, terms);
  for (const term of resolved) if (term.kind === 'channels') checkChannels(term, known);
  return resolved;
}

function checkChannels({ layer, channels }: Extract<Term, { kind: 'channels' }>, known: KnownLayers): void {
  const { channels: count } = summaryOf(layer, known);
  const beyond = channels.find(({ channel }) => channel >= count);
  if (beyond === undefined) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_CHANNEL_RANGE',
    `Layer '${layer}' has channels 0 to ${count - 1}, not ${beyond.channel}.`,
  );
}

import { isUtf8 } from 'node:buffer';
import type { RawData } from 'ws';
import { optionTypeError } from '../errors.js';
import { refuseUnknown } from '../options/read.js';
import { type OptionsMessage, SHOWN_OPTIONS, unreadableMessage } from './live-options.js';

/** What a client says in words. */
export type LiveMessage =
  | { readonly type: 'options'; readonly message: OptionsMessage }
  | { readonly type: 'ping'; readonly id: unknown };

/** Bytes of one message in words. */
export const MOST_WORDS = 16 * 1024;

/** One buffer, however the socket keeps it. */
export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function parsed(bytes: Buffer): unknown {
  try {
    if (isUtf8(bytes)) return JSON.parse(bytes.toString());
  } catch {
    // Its own words would repeat what it was given.
  }
  throw unreadableMessage('The message is no JSON.');
}

/** Throws ERR_LIVEDREAM_MESSAGE_UNREADABLE, or what is wrong with the message's parts. */
export function readMessage(bytes: Buffer): LiveMessage {
  const value = parsed(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadableMessage('The message is no JSON object with a `type`.');
  const { type, ...rest } = value as { readonly type?: unknown; readonly id?: unknown };
  if (type === 'options') {
    refuseUnknown(rest, ['options', ...Object.keys(SHOWN_OPTIONS)]);
    return { type, message: rest as OptionsMessage };
  }
  if (type !== 'ping') throw unreadableMessage("The message has no `type` of 'options' or 'ping'.");
  const { id } = rest;
  if (id !== undefined && typeof id !== 'number') throw optionTypeError('id', 'a number', id);
  return { type, id };
}

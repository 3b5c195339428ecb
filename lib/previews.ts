import type { NativePlan, NativePreview } from './binding/native.js';
import { type Call, describeProgress } from './request.js';

/** Previews as they are asked for: one at a time, so that who is slow gets fewer. */
export function previewer(plan: NativePlan, { ticket, asked }: Call): ((preview: NativePreview) => void) | undefined {
  const { onPreview } = asked;
  if (!onPreview) return undefined;
  let busy = false;
  const show = ticket.caller.safely(async ({ octave, iteration, ...picture }: NativePreview) => {
    const { objective: _none, ...progress } = describeProgress(plan, { octave, iteration, objective: 0 });
    await onPreview({ ...progress, ...picture, channels: 3 });
    busy = false;
  });
  return (preview) => {
    if (busy) return;
    busy = true;
    show(preview);
  };
}

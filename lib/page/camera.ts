import { Fault } from './faults.js';
import { made } from './parts.js';

/** What to do about a camera that cannot be had, by the error's name. */
const REPAIRS: Readonly<Record<string, readonly [string, string]>> = {
  NotAllowedError: ['The camera was not allowed.', "Allow it in the browser's settings of this page, and try again."],
  NotFoundError: ['There is no camera.', 'Connect one, or open a picture.'],
  NotReadableError: ['The camera is taken.', 'Close the other program that uses it, and try again.'],
  OverconstrainedError: ['The camera has no picture of this size.', 'Try another camera.'],
};

function faultOf(error: unknown): Fault {
  const name = error instanceof DOMException ? error.name : '';
  const [what, repair] = REPAIRS[name] ?? ['The camera cannot be had.', 'Open a picture instead.'];
  return new Fault(what, repair, { again: true });
}

/** A camera that is on. */
export interface Camera {
  readonly video: HTMLVideoElement;
  /** Whether it looks at the user, who expects a mirror. */
  readonly mirrored: boolean;
  readonly stop: () => void;
}

/** Throws a Fault that says why there is none. */
export async function openCamera(longest: number): Promise<Camera> {
  if (!isSecureContext || !navigator.mediaDevices)
    throw new Fault('Browsers give the camera to secure pages alone.', 'Open this page by https, or on localhost.');
  const video = made('video', { muted: true, playsInline: true });
  const wanted = { width: { ideal: Math.max(longest, 640) }, frameRate: { ideal: 30 }, facingMode: 'user' };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted }).catch((error: unknown) => {
    throw faultOf(error);
  });
  const [track] = stream.getVideoTracks();
  const mirrored = track?.getSettings().facingMode !== 'environment';
  video.classList.toggle('mirrored', mirrored);
  video.srcObject = stream;
  const stop = (): void => {
    for (const each of stream.getTracks()) each.stop();
    video.srcObject = null;
  };
  await video.play().catch((error: unknown) => {
    stop();
    throw faultOf(error);
  });
  return { video, mirrored, stop };
}

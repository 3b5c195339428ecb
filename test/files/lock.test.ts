import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { withLock } from '../../lib/files/lock.js';
import { type InstallProgress, installRuntime } from '../../lib/runtime/install/install.js';
import { usePlace } from '../runtime/support/place.js';
import { copyFrom, fakePython, pythonLog } from '../runtime/support/python.js';
import { platformWith, tensorflowWheel } from '../runtime/support/wheels.js';

const place = usePlace();

// The name of signal-exit's listeners, and of nobody else's here.
function signalExits(): unknown[] {
  return process.listeners('SIGINT').filter(({ name }) => name === 'listener');
}

test('signals are listened to only once there is a lock to take, and before those who abort', async () => {
  expect(signalExits(), 'by the imports above').toEqual([]);
  mkdirSync(place.cache);
  // signal-exit ends the process when it finds itself alone, as it would be after this once-listener.
  const abort = vi.fn();
  process.once('SIGINT', abort);
  await withLock(place.cache, {}, async () => {
    expect(signalExits()).toHaveLength(1);
    process.kill(process.pid, 'SIGINT');
    await vi.waitUntil(() => abort.mock.calls.length > 0);
  });
});

test('a second installer waits, and then finds the work done', async () => {
  const folder = path.join(place.folder, 'index');
  const platform = platformWith([tensorflowWheel(folder)]);
  fakePython(place, { pip: '24.0', download: `sleep 1; ${copyFrom(folder)}` });
  const seen: InstallProgress[][] = [[], []];
  const both = await Promise.all(
    seen.map((list) => installRuntime({ onProgress: (progress) => list.push(progress) }, platform)),
  );
  expect(both[0]).toEqual(both[1]);
  expect(pythonLog(place).match(/pip download/g)).toHaveLength(1);
  const phases = seen.map((list) => [...new Set(list.map(({ phase }) => phase))].join());
  expect(phases.sort()).toEqual(['download,unpack', 'wait']);
});

test('one that waits can be aborted', async () => {
  const folder = path.join(place.cache, 'runtime');
  const wheel = tensorflowWheel(place.folder);
  mkdirSync(folder, { recursive: true });
  await withLock(folder, {}, async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const waiting = installRuntime(
      { from: [wheel.path], signal: controller.signal, onProgress },
      platformWith([wheel]),
    );
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
  });
});

test('what a killed installer left, its lock too, is cleaned away', async () => {
  const folder = path.join(place.cache, 'runtime');
  const left = path.join(folder, '.installing-0b1c', 'unpacked');
  mkdirSync(left, { recursive: true });
  writeFileSync(path.join(left, 'half'), 'half');
  mkdirSync(path.join(folder, '.lock'));
  const long = new Date(Date.now() - 60_000);
  utimesSync(path.join(folder, '.lock'), long, long);
  const wheel = tensorflowWheel(place.folder);
  await installRuntime({ from: [wheel.path] }, platformWith([wheel]));
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^tensorflow-2\.21\.0-cpu-/)]);
});

test('what a killed installer left beside a whole installation is cleaned away too, but not while another is at work', async () => {
  const [runtime, downloads] = ['runtime', 'downloads'].map((name) => path.join(place.cache, name)) as [string, string];
  const wheel = tensorflowWheel(place.folder);
  const platform = platformWith([wheel]);
  const whole = await installRuntime({ from: [wheel.path] }, platform);
  mkdirSync(path.join(runtime, '.installing-0b1c'));
  mkdirSync(downloads);
  for (const name of [wheel.wheel.file, "another's.whl"]) writeFileSync(path.join(downloads, name), 'whole');
  await withLock(runtime, {}, async () => {
    expect(await installRuntime({}, platform)).toEqual(whole);
    expect(readdirSync(runtime)).toContain('.installing-0b1c');
  });
  expect(await installRuntime({}, platform)).toEqual(whole);
  expect(readdirSync(runtime)).toEqual([expect.stringMatching(/^tensorflow-2\.21\.0-cpu-/)]);
  expect(readdirSync(downloads)).toEqual(["another's.whl"]);
});

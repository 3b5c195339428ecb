import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { installRuntime } from '../../../lib/runtime/install/install.js';
import { usePlace } from '../support/place.js';
import { platformWith, tensorflowWheel } from '../support/wheels.js';

vi.mock('node:fs/promises', { spy: true });
afterEach(() => {
  vi.restoreAllMocks();
});

const place = usePlace();

test('a clean-up that fails does not hide what is wrong with the wheel', async () => {
  const wheel = tensorflowWheel(path.join(place.folder, 'wheels'), []);
  vi.mocked(rm).mockRejectedValue(Object.assign(new Error('busy'), { code: 'EBUSY' }));
  const installing = installRuntime({ from: [wheel.path] }, platformWith([wheel]));
  await expect(installing).rejects.toThrow(/The wheel tensorflow_cpu.* lacks/);
});

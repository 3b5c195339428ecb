// The training's code, run for real but briefly: two steps and an export. The full training is by hand.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageRoot from '#package-root';
import { Dreamer } from '../../lib/dreamer.js';
import { rawPicture } from '../support/dreamers.js';

const environment = path.join(packageRoot, '.cache/train-python');
const hasTraining = existsSync(path.join(environment, 'installed.txt'));
const SMALL = ['--emoji', '12', '--textures', '2'];

let folder: string;

async function dreamnet(run: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    path.join(environment, 'bin/python'),
    ['-m', 'dreamnet', '--run', path.join(folder, run), ...SMALL, ...args],
    { env: { OMP_WAIT_POLICY: 'passive', ...process.env, PYTHONPATH: path.join(packageRoot, 'tools/train') } },
  );
  return stdout;
}

/** The weights of a checkpoint that training goes on from, hashed. */
async function weightsOf(checkpoint: string): Promise<string> {
  const script = `import hashlib, sys, torch
state = torch.load(sys.argv[1], weights_only=True)
digest = hashlib.sha256()
for part in ("network", "average"):
    for value in state[part].values(): digest.update(value.contiguous().numpy().tobytes())
print(state["step"], digest.hexdigest())`;
  const python = path.join(environment, 'bin/python');
  return (await promisify(execFile)(python, ['-c', script, checkpoint])).stdout.trim();
}

describe.skipIf(!hasTraining)('the training (where Python and PyTorch can be had)', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'livedream-train-'));
    await dreamnet('whole', '--steps', '4', 'cells');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('goes on after a cut as if there had been none', async () => {
    await dreamnet('cut', '--steps', '2', 'cells');
    await dreamnet('cut', '--steps', '2', 'cells');
    const [cut, whole] = await Promise.all(
      ['cut', 'whole'].map((run) => weightsOf(path.join(folder, run, 'cells.pt'))),
    );
    expect(cut).toMatch(/^4 /);
    expect(cut).toBe(whole);
    expect(await readFile(path.join(folder, 'cut/log.txt'), 'utf8')).toMatch(/step 2 of .*\n.*step 4 of/);
  });

  it('trains against an adversary from the phase before', async () => {
    expect(await dreamnet('whole', '--steps', '2', 'robust')).toMatch(/robust: step 2 of \d+, loss \d/);
    await expect(dreamnet('whole', '--steps', '2', 'large')).rejects.toThrow(/natural.pt is missing/);
  });

  it("goes on from a phase's weights without its checkpoint", async () => {
    const weights = path.join(folder, 'half.pt');
    await dreamnet('whole', '--out', weights, 'weights', 'cells');
    expect((await stat(weights)).size).toBeLessThan(5e6);
    await mkdir(path.join(folder, 'moved'));
    await copyFile(path.join(folder, 'whole/bank.npz'), path.join(folder, 'moved/bank.npz'));
    expect(await dreamnet('moved', '--from', weights, '--steps', '1', 'cells')).toMatch(/cells: step 5 of/);
  });

  it('measures emoji and textures, as they are and under attack', async () => {
    const said = await dreamnet(
      'whole',
      '--checkpoint',
      path.join(folder, 'whole/cells.pt'),
      '--batches',
      '1',
      'measure',
    );
    expect(said).toMatch(/^emoji, varied hues: 0\.\d+ of \d+ cells; attacked \(PGD-5, rms 3\): 0\.\d+$/m);
    expect(said).toMatch(/^textures, natural hues: 0\.\d+ of \d+ cells; attacked /m);
  });

  it('exports a graph that answers as the network does and that livedream loads', async () => {
    const checkpoint = path.join(folder, 'whole/cells.pt');
    const said = await dreamnet('whole', '--checkpoint', checkpoint, 'export');
    const file = path.join(folder, 'whole/model/graph.pb');
    const bytes = await readFile(file);
    expect(said).toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(Number(/within (\S+) of the network/.exec(said)?.[1])).toBeLessThan(2e-3);
    const classes = JSON.parse(await readFile(path.join(folder, 'whole/model/classes.json'), 'utf8')) as string[];
    const dreamer = await Dreamer.load({ model: file, device: 'cpu' });
    try {
      expect(dreamer.layers().find(({ name }) => name === 'classes')?.channels).toBe(classes.length);
      const { objectives } = await dreamer.dream(rawPicture(96, 96), {
        layer: 'mixed3a',
        octaves: 1,
        iterations: 5,
        step: 0.3,
      });
      expect(objectives.at(-1)).toBeGreaterThan(objectives[0] as number);
    } finally {
      await dreamer.dispose();
    }
  });

  it('draws a sheet of dreams', async () => {
    await dreamnet('whole', '--brief', 'sheet', 'cells');
    expect((await stat(path.join(folder, 'whole/cells.jpg'))).size).toBeGreaterThan(10_000);
  });

  it('refuses emoji that are not the pinned ones', async () => {
    const script = `from pathlib import Path
from dreamnet import emoji
emoji.EMOJI_INTEGRITY = "sha512-" + "A" * 86 + "=="
emoji.download(Path(r"${folder}"))`;
    const run = promisify(execFile)(path.join(environment, 'bin/python'), ['-c', script], {
      env: { ...process.env, PYTHONPATH: path.join(packageRoot, 'tools/train') },
    });
    await expect(run).rejects.toThrow(/is pinned/);
  });
});

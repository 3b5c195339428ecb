import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smallInception } from '../../tools/graphs/small-inception.mjs';
import { centredNetwork } from '../catalogue/support/networks.js';
import { cli } from '../support/cli.js';
import { SAMPLE } from '../support/pictures.js';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let own: string;
let graph: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'livedream models ü '));
  own = path.join(folder, 'models');
  graph = path.join(folder, 'my net.pb');
  writeFileSync(graph, smallInception());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(environment: NodeJS.ProcessEnv, args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, LIVEDREAM_MODELS: own, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'models', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const models = (...args: string[]): Promise<Ended> => run({}, args);
/** Where no TensorFlow is to be found. */
const withoutTensorFlow = (...args: string[]): Promise<Ended> =>
  run({ LIVEDREAM_TENSORFLOW: path.join(folder, 'none') }, args);

const add = (...args: string[]): Promise<Ended> => models('add', graph, '--mean', '117', ...args);

describe('livedream models', () => {
  test('lists models with where they are, sizes, filters and licences, by itself and as list', async () => {
    await add('--name', 'mine');
    const { code, stdout, stderr } = await withoutTensorFlow();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^NAME +WHERE +SIZE +FILTERS +LICENCE, TITLE\n/);
    expect(stdout).toMatch(/\ndream +package +4\.0 MB +38 +Apache-2\.0, livedream's own network/);
    expect(stdout).toMatch(/\nmine +yours +97\.3 kB +0\n/);
    expect((await withoutTensorFlow('list')).stdout).toBe(stdout);
    const entries = JSON.parse((await models('--json')).stdout) as { name: string; origin: string }[];
    expect(entries.find(({ name }) => name === 'mine')).toMatchObject({ origin: 'own', filters: [] });
  });

  test('lists the others where one is broken, and says what is wrong', async () => {
    mkdirSync(path.join(own, 'bad'), { recursive: true });
    writeFileSync(path.join(own, 'bad/model.json'), '{');
    const { code, stdout, stderr } = await withoutTensorFlow();
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nbad +yours +0 +broken\n/);
    expect(stdout).toMatch(/\ndream /);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/^bad: The model '.*bad\/model\.json' cannot be read: it is no JSON/);
  });

  test('ends with 2 for a command that is none', async () => {
    const { code, stdout, stderr } = await models('lst');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("there is no command 'models lst'; `livedream models show lst` shows a model");
  });
});

describe('livedream models show', () => {
  test("shows the package's without TensorFlow", async () => {
    const { code, stdout } = await withoutTensorFlow('show', 'dream');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^dream +livedream's own network/);
    expect(stdout).toMatch(/\nlicence +Apache-2\.0\n/);
    expect(stdout).toMatch(/\npicture +'input': RGB, x - 117, x in 0\.\.255\n/);
    expect(stdout).toMatch(/\ndefaults +filter van-gogh; layer mixed4d; octaves 5/);
    expect(stdout).toMatch(/\nowl +classes +owl +octaves 6, iterations 12\n/);
    expect(stdout).toMatch(/\nmixed4d +496 +16 +\d+\n/);
    expect(stdout).toMatch(/\nclasses +\d+ +16 +\d+ +1146 names\n/);
    const { layers, named } = JSON.parse((await withoutTensorFlow('show', 'dream', '--json')).stdout) as {
      layers: object[];
      named: object;
    };
    expect(layers).toContainEqual(expect.objectContaining({ name: 'mixed4d', channels: 496, stride: 16 }));
    expect(named).toEqual({ classes: 1146 });
  });

  test('shows what goes by a path by loading it, as the flags describe it', async () => {
    const { stdout } = await models('show', graph, '--mean', '127.5', '--scale', '0.5');
    expect(stdout).toMatch(/^my net +goes by its path\n/);
    expect(stdout).toMatch(/\npicture +'input' \(float32\): RGB, \(x - 127\.5\) \* 0\.5, x in 0\.\.255\n/);
    expect(stdout).toMatch(/\nmixed3b +64 +8 +\d+\n/);
    expect(await models('show', 'dream', '--mean', '3')).toMatchObject({ code: 2 });
    expect(await models('show', 'drem')).toMatchObject({ code: 1, stdout: '' });
  });

  test('says how to get what is still to be fetched', async () => {
    const { stdout } = await run({ LIVEDREAM_CACHE: path.join(folder, 'cache') }, ['show', 'inception5h']);
    expect(stdout).toMatch(/\ngraph +`livedream models fetch inception5h` downloads it \(49\.9 MB\)\n/);
  });
});

describe('livedream models add', () => {
  test('always says how pictures are prepared, how sure that is, and what else was tried', async () => {
    writeFileSync(graph, centredNetwork());
    const { code, stdout, stderr } = await models('add', graph);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^my-net\n {2}graph {3}.*models\/my-net\/graph\.pb/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      / sees RGB, x - 117, x in 0\.\.255 A guess, by a trial\. .*RGB from BGR\./,
    );
    expect(stdout).toMatch(/\n\d+\.\d% \* +inception5h +--mean 117\n/);
    expect(stdout).toMatch(/\n\d+\.\d% +Caffe, Keras +--mean 103\.939,116\.779,123\.68 --channel-order bgr\n/);
    expect(stdout).toMatch(/models remove my-net/);
    expect(
      stdout
        .split('\n')
        .slice(2)
        .every((line) => line.length <= 80),
    ).toBe(true);
  });

  test('takes what the flags say, links by --link, and prints JSON', async () => {
    const { stdout } = await add('--name', 'linked', '--scale', '2', '--channel-order', 'bgr', '--link', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ name: 'linked', linked: true, graph },
      guess: { certainty: 'given', preprocessing: { channelOrder: 'bgr', mean: 117, scale: 2 } },
    });
    expect(readdirSync(path.join(own, 'linked'))).toEqual(['model.json']);
  });

  test('is dreamed by its name', async () => {
    await add('--name', 'mine');
    const out = path.join(folder, 'out.png');
    const args = ['dream', SAMPLE, '--model', 'mine', '--size', '64', '--octaves', '1', '-o', out, '--json'];
    const env = { ...process.env, LIVEDREAM_MODELS: own };
    const stdout = await new Promise<string>((resolve) => {
      execFile(process.execPath, [cli, ...args], { env }, (_error, text) => resolve(text));
    });
    expect(JSON.parse(stdout)).toMatchObject({ parameters: { model: 'mine', equalize: 'positions' } });
  });

  test('ends with 2 for a name that is taken and 1 for a file that is none', async () => {
    expect(await add('--name', 'dream')).toMatchObject({ code: 2, stdout: '' });
    writeFileSync(graph, 'no graph');
    expect(await add()).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/MODEL_UNREADABLE\]\n$/) });
    expect(existsSync(own)).toBe(false);
  });
});

describe('livedream models name, unname and remove', () => {
  test('keep a filter with weights and options, and remove it', async () => {
    const what = ['--layer', 'mixed4d', '--channels', '3:0.5,17', '--octaves', '5', '--iterations', '4,8'];
    expect(await withoutTensorFlow('name', 'gold', ...what)).toEqual({ code: 0, stdout: 'gold\n', stderr: '' });
    expect(JSON.parse(readFileSync(path.join(own, 'dream/filters.json'), 'utf8'))).toEqual({
      gold: {
        layer: 'mixed4d',
        channels: [{ channel: 3, weight: 0.5 }, 17],
        options: { octaves: 5, iterations: [4, 8] },
      },
    });
    const shown = await withoutTensorFlow('show', 'dream');
    expect(shown.stdout).toMatch(/\ngold \* +mixed4d +3:0\.5, 17 +octaves 5, iterations 4\/8\n\* named by you\n/);
    expect(await withoutTensorFlow('name', 'gold', ...what)).toMatchObject({ code: 2, stdout: '' });
    expect(await withoutTensorFlow('name', 'gold', ...what, '--force')).toMatchObject({ code: 0 });
    expect(await withoutTensorFlow('unname', 'gold')).toMatchObject({ code: 0, stdout: 'gold\n' });
    expect(await withoutTensorFlow('unname', 'gold')).toMatchObject({ code: 1, stdout: '' });
  });

  test.each([
    ['a weight that is none', ['--layer', 'mixed4d', '--channels', '3:x'], 2],
    ['an empty channel', ['--layer', 'mixed4d', '--channels', '3,,4'], 2],
    ['no layer', ['--channels', '3'], 2],
    ['a channel out of range', ['--layer', 'mixed4d', '--channels', '496'], 1],
    ['a layer that is not there', ['--layer', 'mixed4z'], 1],
    ['a model by its path', ['--layer', 'mixed4d', '--model', './net.pb'], 1],
  ])('end with the right code for %s', async (_what, args, code) => {
    expect(await models('name', 'gold', ...args)).toMatchObject({ code, stdout: '' });
    expect(existsSync(path.join(own, 'dream'))).toBe(false);
  });

  test('remove a model that was added, and refuse the package', async () => {
    await add('--name', 'mine');
    const removed = await models('remove', 'mine');
    expect(removed).toMatchObject({ code: 0, stdout: `${path.join(own, 'mine')}\n` });
    expect(removed.stderr).toMatch(/^removed 1\d\d kB\n$/);
    expect(await models('remove', 'mine')).toMatchObject({ code: 1, stdout: '' });
    expect(await models('remove', 'dream')).toMatchObject({ code: 2, stdout: '' });
  });
});

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { drawType, type Type } from '../../lib/sheet/type.js';

const TEXT = 'van-gogh Ünïcode Привет Ωmega';
const STYLE = { size: 16, width: 400, colour: '#ffffff' };

async function drawn(text: string, style = STYLE): Promise<Type> {
  const type = await drawType(text, style);
  if (type === undefined) throw new Error(`'${text}' has no ink`);
  return type;
}

/** How much of the type is opaque, in pixels. */
function ink({ data }: Type): number {
  let sum = 0;
  for (let index = 3; index < data.length; index += 4) sum += (data[index] as number) / 255;
  return sum;
}

function sha256({ data }: Type): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('type', () => {
  test('is drawn in its colour, without the signs that make all lines of one height', async () => {
    const [low, high] = [await drawn('xxxx'), await drawn('Ågxx')];
    expect(low.height).toBe(high.height);
    expect(low.data.length).toBe(low.width * low.height * 4);
    expect(low.width).toBeGreaterThan(20);
    expect(low.width).toBeLessThan(45);
    // Nothing of an Å above, nothing of a g below.
    const rows = low.width * 4;
    const alphaAt = (row: number): number[] =>
      [...low.data.subarray(row * rows, (row + 1) * rows)].filter((_, at) => at % 4 === 3);
    expect(Math.max(...alphaAt(0), ...alphaAt(low.height - 1))).toBeLessThan(8);
    const solid = low.data.findIndex((alpha, at) => at % 4 === 3 && alpha > 250);
    expect([...low.data.subarray(solid - 3, solid)]).toEqual([255, 255, 255]);
  });

  test.each([
    'a',
    'van-gogh',
    'great grey owl, Strix nebulosa',
    'W'.repeat(80),
    'long/'.repeat(2000),
    '猫'.repeat(100),
  ])('fits where it must, whatever its length (%#)', async (text) => {
    for (const width of [3, 40, 162, 402]) {
      const type = await drawn(text, { ...STYLE, width });
      expect(type.width).toBeLessThanOrEqual(width);
      expect(type.data.length).toBe(type.width * type.height * 4);
    }
  });

  test('is narrower before it is cut, and keeps beginning and end', async () => {
    const text = 'mixed4d_3x3_bottleneck_pre_relu';
    const whole = await drawn(text);
    const narrow = await drawn(text, { ...STYLE, width: Math.round(whole.width * 0.8) });
    const cut = await drawn(text, { ...STYLE, width: Math.round(whole.width * 0.5) });
    expect(narrow.width).toBe(Math.round(whole.width * 0.8));
    expect(ink(narrow)).toBeGreaterThan(ink(whole) * 0.75);
    expect(ink(cut)).toBeLessThan(ink(whole) * 0.72);
    const others = await Promise.all(
      ['MMxed4d_3x3_bottleneck_pre_relu', 'mixed4d_3x3_bottleneck_pre_reMM'].map((each) =>
        drawn(each, { ...STYLE, width: cut.width }),
      ),
    );
    expect(new Set([cut, ...others].map(sha256)).size).toBe(3);
  });

  test.each(['', ' ', '\n\t', '\0', '\uffff\ufffe'])('of nothing is nothing: %j', async (text) => {
    expect(await drawType(text, STYLE)).toBeUndefined();
  });

  test.each([
    '<b>&amp;</b>',
    '</span>',
    'a\u0000b\nc',
    '\ud800 alone',
    'a\uffff\ufffeb',
    'سلام',
    '👩‍👩‍👧',
    'e\u0301'.repeat(9),
  ])('of whatever signs is one line: %j', async (text) => {
    const type = await drawn(text);
    expect(type.height).toBeLessThan(40);
    expect(ink(type)).toBeGreaterThan(2);
  });

  test('is no markup', async () => {
    expect((await drawn('<i>x</i>')).width).toBeGreaterThan(2 * (await drawn('x')).width);
  });

  test('is as legible, and silent, on a machine without fonts', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'livedream-fonts-'));
    try {
      await mkdir(path.join(folder, 'none'));
      await writeFile(path.join(folder, 'fonts.conf'), '<?xml version="1.0"?><fontconfig></fontconfig>');
      const module = pathToFileURL(path.join(packageRoot, 'dist/esm/sheet/type.js')).href;
      const script = `
        import { drawType } from ${JSON.stringify(module)};
        const { data, width, height } = await drawType(${JSON.stringify(TEXT)}, ${JSON.stringify(STYLE)});
        console.log(JSON.stringify({ data: [...data], width, height }));
        console.log((await drawType('猫 without a font', ${JSON.stringify(STYLE)})).height);`;
      const env = {
        ...process.env,
        FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
        FONTCONFIG_PATH: path.join(folder, 'none'),
      };
      const args = ['--input-type=module', '--eval', script];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
      const [there, height] = stdout.trim().split('\n') as [string, string];
      const { data, ...size } = JSON.parse(there) as { data: number[]; width: number; height: number };
      const here = await drawn(TEXT);
      // A system may have its own mind of hinting; boxes in the place of letters are as wide as they are high.
      expect(Math.abs(size.width - here.width)).toBeLessThanOrEqual(2);
      expect(Math.abs(size.height - here.height)).toBeLessThanOrEqual(2);
      expect(ink({ ...size, data: Buffer.from(data) }) / ink(here)).toBeCloseTo(1, 1);
      expect(Number(height)).toBeGreaterThan(10);
      expect(stderr).toBe('');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

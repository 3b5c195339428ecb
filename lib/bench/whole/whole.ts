import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { BenchPoint } from '../../options/bench-options.js';
import { type AskedBench, type BenchOptions, readBench } from '../bench.js';
import { type BenchEnvironment, gatherEnvironment } from '../environment.js';
import { watchOthers } from '../others.js';
import { preparePeers } from '../peers/measure.js';
import { type Peers, STEP } from '../peers/peers.js';
import { checkPeerPrograms, peersPython } from '../peers/python.js';
import { type PictureOf, picturesOf } from '../pictures.js';
import { type Rounds, takeTurns } from '../turns.js';
import { WHOLE_PROGRAMS, type WholeDream } from './commands.js';
import { WholeFindings, type WholeRunnable } from './findings.js';
import type { WholeUpdate } from './report.js';
import { WholeRunner } from './run.js';

/** The most cold runs of a program, which take long and differ much. */
const COLD = 3;

type Point = Pick<BenchPoint, 'size' | 'octaves' | 'iterations'>;

/** What is dreamed: the first value of each axis. */
function pointOf({ axes }: AskedBench): Point {
  const [[size], [octaves], [iterations]] = [axes.size, axes.octaves, axes.iterations];
  return { size, octaves, iterations } as Point;
}

/** The files that programs read. */
async function layOut(
  peers: Peers,
  point: Point,
  { plain }: AskedBench,
  picture: PictureOf,
): Promise<Omit<WholeDream, 'python'>> {
  const { folder, requestFile } = peers.network;
  const [file, dreamFile] = [path.join(folder, 'picture.png'), path.join(folder, 'dream.json')];
  const { data, width, height } = await picture(point.size);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
  await writeFile(dreamFile, JSON.stringify(peers.dreamOf(point)));
  const { octaves, iterations } = point;
  const values = { octaves, iterations, step: STEP, 'octave-scale': plain.octaveScale, tile: plain.tileSize };
  const flags = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return { folder, picture: file, requestFile, dreamFile, flags };
}

/** Has programs dream from command to file, in turns. */
async function* turns(
  phase: 'cold' | 'warm',
  findings: WholeFindings,
  runner: WholeRunner,
  rounds: Rounds,
): AsyncGenerator<WholeUpdate, void, undefined> {
  let cpu = 0;
  const sides = findings.programs.map((each: WholeRunnable) => ({
    each,
    counts: phase === 'warm',
    fail: (error: unknown) => findings.fail(each, error),
    turn: async () => {
      const run = await runner[phase](each.program);
      cpu += run.cpuMilliseconds;
      each.peakMemoryBytes = Math.max(each.peakMemoryBytes, run.peakMemoryBytes);
      return [run.milliseconds];
    },
  }));
  const others = watchOthers(() => cpu);
  for await (const { side, times } of takeTurns(sides, rounds)) {
    for (const [{ each }, measured] of times) each[phase] = measured;
    if (phase === 'warm') findings.others = others();
    yield { phase, program: side.each.program, report: findings.report(false) };
  }
}

/**
 * Measures whole dreams from the command to the file: livedream's command line, and other programs that do the same. First as
 * after the machine's start, then again and again, in turns.
 * @param modelFlags what `livedream dream` is told of the model and the objective
 * @throws as `bench` does, and LiveDreamError ERR_LIVEDREAM_PEERS_MISSING
 */
export async function* benchWhole(
  given: BenchOptions,
  modelFlags: readonly string[],
): AsyncGenerator<WholeUpdate, void, undefined> {
  const asked = readBench(given);
  checkPeerPrograms();
  const { plain, objective, model, signal } = asked;
  const python = await peersPython(signal);
  const [environment, picture, point]: [BenchEnvironment, PictureOf, Point] = [
    await gatherEnvironment(),
    await picturesOf(asked.picture),
    pointOf(asked),
  ];
  const prepared = await preparePeers({ plain, objective, model, signal, picture }, [point]);
  const { peers } = prepared;
  try {
    const { octaveScale, tileSize } = plain;
    const findings = new WholeFindings(environment, prepared.model, { ...point, octaveScale, tileSize });
    yield { phase: 'preparing', report: findings.report(false) };
    for (const program of WHOLE_PROGRAMS) {
      try {
        const checked = program === 'livedream' ? undefined : await peers.check(program, point.size);
        findings.add(program, checked);
      } catch (error) {
        findings.skip(program, error);
      }
      yield { phase: 'preparing', program, report: findings.report(false) };
    }
    const laid = await layOut(peers, point, asked, picture);
    const runner = new WholeRunner({ ...laid, python, flags: [...laid.flags, ...modelFlags] }, signal);
    const cold = Math.min(COLD, plain.rounds);
    yield* turns('cold', findings, runner, { rounds: cold, mostRounds: cold });
    yield* turns('warm', findings, runner, plain);
    yield { phase: 'warm', report: findings.report(true) };
  } finally {
    await peers.dispose();
  }
}

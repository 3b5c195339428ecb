import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { NativeInput } from '../../binding/native.js';
import type { Objective } from '../../model/objective.js';
import { type ModelInput, openModel } from '../../model/source.js';
import { PEER_PROGRAMS } from './python.js';

/** What peers have to know of a network. */
export interface PeerNetworkRequest {
  readonly python: string;
  readonly model: ModelInput | undefined;
  readonly input: NativeInput;
  readonly objective: Objective;
  readonly threads: number;
}

/** A network as peers read it, in a folder of its own. */
export interface PeerNetwork {
  readonly folder: string;
  readonly requestFile: string;
  /** Why those that do not read graphs themselves cannot have it. */
  readonly fault?: string;
}

/** Rejects where the model is none that other programs take as it is. */
export async function peerNetwork(request: PeerNetworkRequest): Promise<PeerNetwork> {
  const { python, model, input, objective, threads } = request;
  const { graph, checkpoint, description } = await openModel(model);
  if (checkpoint !== undefined || Object.keys(description.feeds ?? {}).length > 0)
    throw new Error('Other programs are given frozen graphs alone, without checkpoints and values of placeholders.');
  if (input.type !== 'float32' || input.layout !== 'NHWC')
    throw new Error(
      `Other programs are given networks that take float32 in NHWC, not ${input.type} in ${input.layout}.`,
    );
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-peers-'));
  const [graphFile, network, requestFile] = ['graph.pb', 'network.npz', 'request.json'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await writeFile(graphFile, graph);
  const { name, channelOrder, mean, scale } = input;
  const { layer, kind, channels } = objective;
  const told = { graph: graphFile, network, input: name, channelOrder, mean, scale, layer, threads };
  await writeFile(requestFile, JSON.stringify({ ...told, channels: kind === 'layer' ? null : channels }));
  try {
    await promisify(execFile)(python, [path.join(PEER_PROGRAMS, 'graph.py'), graphFile, name, layer, network]);
    return { folder, requestFile };
  } catch (error) {
    const { stderr = String(error) } = error as { readonly stderr?: string };
    return { folder, requestFile, fault: stderr.trim().split('\n').slice(-1).join('') };
  }
}

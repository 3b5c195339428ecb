/** Another program that computes the same dream on the processor, in float32: tools/peers. */
export interface Peer {
  readonly about: string;
  readonly xla: boolean;
  /** `compiled`: all steps of an octave are one program. */
  readonly loop: 'native' | 'compiled';
  /** Whether it takes the frozen graph as it is; the others take what tools/peers/graph.py makes of it. */
  readonly readsGraphs: boolean;
}

const tensorflow = { xla: false, loop: 'native', readsGraphs: true } as const;
const torch = { xla: false, loop: 'native', readsGraphs: false } as const;
const jax = { xla: true, loop: 'native', readsGraphs: false } as const;

export const PEERS = {
  'tensorflow-session': {
    ...tensorflow,
    about: 'TensorFlow Python, a session run for each tile and step, the rest numpy',
  },
  'tensorflow-function': { ...tensorflow, about: 'TensorFlow Python, a tf.function a step' },
  'tensorflow-xla': { ...tensorflow, xla: true, about: 'TensorFlow Python, a tf.function(jit_compile=True) a step' },
  'torch-eager': { ...torch, about: 'PyTorch as one writes it, channels last' },
  'torch-tuned': {
    ...torch,
    about: 'the same with biases in convolutions, and what PyTorch is slow at by convolutions',
  },
  'torch-compile': { ...torch, about: 'the same by torch.compile' },
  'jax-jit': { ...jax, about: 'JAX, a jit a step' },
  'jax-loop': { ...jax, loop: 'compiled', about: 'JAX, a jit an octave, steps by fori_loop' },
} as const satisfies Record<string, Peer>;

export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[];

/** What else is asked for, and cannot do it. */
export const UNABLE = {
  onnxruntime: 'It runs networks forward; it has no gradient by the picture, without which there is no dream.',
  openvino: 'It runs networks forward; it has no gradient by the picture, without which there is no dream.',
} as const;

import { CUDA_WHEELS } from './cuda-wheels.js';

/** A file of PyPI, pinned. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** For the progress bar, where it is known. */
  readonly bytes?: number;
}

export type Variant = 'cpu' | 'gpu';

export interface Platform {
  readonly framework: string;
  readonly library: string;
  /** What pip is told, so that any Python's pip gets these wheels. */
  readonly pipPlatforms: readonly string[];
  readonly wheels: Partial<Record<Variant, readonly Wheel[]>>;
  /** Whether it was run, or only should. */
  readonly tested: boolean;
}

/** The version that is installed and tested. */
export const TENSORFLOW_VERSION = '2.21.0';
/** PyPI's wheels are for one Python; their libraries do not care which. */
export const WHEEL_PYTHON = { version: '3.11', abi: 'cp311' } as const;

/** Minor versions of TensorFlow 2 whose C API this addon is known to fit; only the pinned one is tested. */
export const SUPPORTED = { least: [2, 16], most: [2, 21] } as const;

const LINUX_LIBRARIES = { framework: 'libtensorflow_framework.so.2', library: 'libtensorflow_cc.so.2' } as const;

function tensorflow(project: string, platform: string, sha256: string, bytes?: number): Wheel {
  const file = `${project.replace('-', '_')}-${TENSORFLOW_VERSION}-cp311-cp311-${platform}.whl`;
  return { project, version: TENSORFLOW_VERSION, file, sha256, ...(bytes === undefined ? {} : { bytes }) };
}

/** Everything that depends on the platform; nothing else knows it. Keys are `process.platform` and `process.arch`. */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
  'linux-x64': {
    ...LINUX_LIBRARIES,
    pipPlatforms: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64'],
    tested: true,
    wheels: {
      cpu: [
        tensorflow(
          'tensorflow-cpu',
          'manylinux_2_27_x86_64',
          '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
          273_829_956,
        ),
      ],
      gpu: [
        tensorflow(
          'tensorflow',
          'manylinux_2_27_x86_64',
          '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
        ),
        ...CUDA_WHEELS,
      ],
    },
  },
  'linux-arm64': {
    ...LINUX_LIBRARIES,
    pipPlatforms: ['manylinux_2_27_aarch64'],
    tested: false,
    wheels: {
      cpu: [
        tensorflow(
          'tensorflow',
          'manylinux_2_27_aarch64',
          '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
        ),
      ],
    },
  },
  'darwin-arm64': {
    framework: 'libtensorflow_framework.2.dylib',
    library: 'libtensorflow_cc.2.dylib',
    pipPlatforms: ['macosx_12_0_arm64'],
    tested: false,
    wheels: {
      cpu: [
        tensorflow(
          'tensorflow',
          'macosx_12_0_arm64',
          '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
        ),
      ],
    },
  },
};

export function platformKey(): string {
  return `${process.platform}-${process.arch}`;
}

/** This machine's entry, or undefined where livedream does not know it. */
export function currentPlatform(): Platform | undefined {
  return PLATFORMS[platformKey()];
}

/** Whether this addon is known to fit a version such as "2.21.0". */
export function isSupported(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return (
    major === SUPPORTED.least[0] && minor !== undefined && minor >= SUPPORTED.least[1] && minor <= SUPPORTED.most[1]
  );
}

export function supportedText(): string {
  return `${SUPPORTED.least.join('.')} to ${SUPPORTED.most.join('.')} (tested: ${TENSORFLOW_VERSION})`;
}

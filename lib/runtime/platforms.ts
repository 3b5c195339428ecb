import { familySync, MUSL } from 'detect-libc';
import { CUDA_WHEELS } from './cuda-wheels.js';
import type { Wheel } from './wheel.js';

/** `cpu` is the build for processors; `gpu` the CUDA build with CUDA's libraries beside it. */
export type Variant = 'cpu' | 'gpu';

export interface Platform {
  /** `process.platform`, `process.arch` and, where it is not glibc, the libc: `linux-x64`, `linux-x64-musl`. */
  readonly key: string;
  readonly framework: string;
  readonly library: string;
  /** What pip is told, so that any Python's pip gets these wheels. */
  readonly pipPlatforms: readonly string[];
  /** Empty where PyPI has none: then only a build of the user's own can be used. */
  readonly wheels: Partial<Record<Variant, readonly Wheel[]>>;
  /** Whether it was run, or only should. */
  readonly tested: boolean;
}

/** The version that is installed and tested. */
export const TENSORFLOW_VERSION = '2.21.0';
/** PyPI's wheels are for one Python; their libraries do not care which. */
export const WHEEL_PYTHON = { version: '3.11', abi: 'cp311' } as const;

/**
 * Minor versions that are accepted. Only the pinned one is tested; 2.16.2 and 2.18.1 were tried by hand (every function of
 * the C API is there, and they dream, with XLA and without).
 */
export const SUPPORTED = { least: [2, 16], most: [2, 21] } as const;

const LINUX = { framework: 'libtensorflow_framework.so.2', library: 'libtensorflow_cc.so.2' } as const;
const DARWIN = { framework: 'libtensorflow_framework.2.dylib', library: 'libtensorflow_cc.2.dylib' } as const;

function tensorflow(project: string, platform: string, sha256: string, bytes: number): Wheel {
  const { abi } = WHEEL_PYTHON;
  const file = `${project.replace('-', '_')}-${TENSORFLOW_VERSION}-${abi}-${abi}-${platform}.whl`;
  return { project, version: TENSORFLOW_VERSION, file, sha256, bytes };
}

/** Everything that depends on the platform; nothing else knows it. */
export const PLATFORMS: readonly Platform[] = [
  {
    key: 'linux-x64',
    ...LINUX,
    // All that CUDA's wheels use: pip matches these tags literally and takes an older release where one is left out.
    pipPlatforms: [27, 25, 17, 12].map((minor) => `manylinux_2_${minor}_x86_64`),
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
          572_440_367,
        ),
        ...CUDA_WHEELS,
      ],
    },
  },
  {
    key: 'linux-arm64',
    ...LINUX,
    pipPlatforms: ['manylinux_2_27_aarch64'],
    tested: false,
    wheels: {
      cpu: [
        tensorflow(
          'tensorflow',
          'manylinux_2_27_aarch64',
          '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
          281_828_020,
        ),
      ],
    },
  },
  {
    key: 'darwin-arm64',
    ...DARWIN,
    pipPlatforms: ['macosx_12_0_arm64'],
    tested: false,
    wheels: {
      cpu: [
        tensorflow(
          'tensorflow',
          'macosx_12_0_arm64',
          '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
          223_405_849,
        ),
      ],
    },
  },
];

export function platformKey(): string {
  const libc = process.platform === 'linux' && familySync() === MUSL ? '-musl' : '';
  return `${process.platform}-${process.arch}${libc}`;
}

/** This machine's entry; on an unlisted Linux or macOS one without wheels, for builds of the user's own. */
export function currentPlatform(): Platform | undefined {
  const key = platformKey();
  const listed = PLATFORMS.find((platform) => platform.key === key);
  if (listed) return listed;
  const names = process.platform === 'linux' ? LINUX : process.platform === 'darwin' ? DARWIN : undefined;
  return names && { key, ...names, pipPlatforms: [], wheels: {}, tested: false };
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

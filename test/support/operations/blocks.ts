import { type Build, INT32, type Operations, type Scene, type } from './scene.js';

const INDEX = { Index: type(INT32) };
const pad =
  (paddings: readonly (readonly number[])[]): Build =>
  (scene, x) =>
    scene.op('Pad', [x, paddings]);

/** As channels, what an operation made a batch of: a layer is of one picture. */
const oneBatch = (scene: Scene, x: string): string =>
  scene.op('ExpandDims', [
    scene.op(
      'Concat',
      [
        -1,
        ...[0, 1].map((part) =>
          scene.op('Squeeze', [scene.op('Slice', [scene.op('Tanh', [x]), [part, 0, 0, 0], [1, -1, -1, -1]], INDEX)], {
            squeeze_dims: [0],
          }),
        ),
      ],
      { N: 2 },
    ),
    0,
  ]);

/** What pads, and what trades places for channels or for a batch. */
export const blocks: Operations = {
  Pad: pad([
    [0, 0],
    [1, 2],
    [3, 0],
    [0, 1],
  ]),
  'PadV2, ones': (scene, x) =>
    scene.op('Square', [
      scene.op('PadV2', [
        x,
        [
          [0, 0],
          [1, 2],
          [3, 0],
          [0, 0],
        ],
        scene.scalar(1),
      ]),
    ]),
  'PadV2, what the picture says': (scene, x) =>
    scene.op('PadV2', [
      x,
      [
        [0, 0],
        [1, 2],
        [3, 0],
        [0, 0],
      ],
      scene.op('Mean', [x, [0, 1, 2, 3]]),
    ]),
  'MirrorPad, REFLECT': (scene, x) =>
    scene.op(
      'MirrorPad',
      [
        x,
        [
          [0, 0],
          [1, 2],
          [3, 0],
          [0, 0],
        ],
      ],
      { mode: 'REFLECT' },
    ),
  'MirrorPad, SYMMETRIC': (scene, x) =>
    scene.op(
      'MirrorPad',
      [
        x,
        [
          [0, 0],
          [1, 2],
          [3, 0],
          [0, 0],
        ],
      ],
      { mode: 'SYMMETRIC' },
    ),
  SpaceToDepth: (scene, x) => scene.op('SpaceToDepth', [x], { block_size: 2 }),
  DepthToSpace: (scene, x) => scene.op('DepthToSpace', [x], { block_size: 2 }),
  SpaceToBatchND: (scene, x) =>
    oneBatch(
      scene,
      scene.op('SpaceToBatchND', [
        x,
        [2, 2],
        [
          [1, 1],
          [0, 0],
        ],
      ]),
    ),
  BatchToSpaceND: (scene, x) => {
    const small = scene.op('Tanh', [
      scene.op('SpaceToBatchND', [
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ]),
    ]);
    return scene.op('BatchToSpaceND', [
      small,
      [2, 2],
      [
        [1, 0],
        [0, 2],
      ],
    ]);
  },
  SpaceToBatch: (scene, x) =>
    oneBatch(
      scene,
      scene.op(
        'SpaceToBatch',
        [
          x,
          [
            [1, 1],
            [0, 0],
          ],
        ],
        { block_size: 2 },
      ),
    ),
  BatchToSpace: (scene, x) => {
    const small = scene.op('Tanh', [
      scene.op(
        'SpaceToBatch',
        [
          x,
          [
            [0, 0],
            [0, 0],
          ],
        ],
        { block_size: 2 },
      ),
    ]);
    return scene.op(
      'BatchToSpace',
      [
        small,
        [
          [1, 0],
          [0, 2],
        ],
      ],
      { block_size: 2 },
    );
  },
};

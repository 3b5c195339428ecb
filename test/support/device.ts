/** Where tests dream that are not about one device: `cpu`, or what `npm run test:gpu` says, such as `gpu`. */
export const TEST_DEVICE = process.env['LIVEDREAM_TEST_DEVICE'] || 'cpu';

/** TensorFlow's name for it. */
export const NATIVE_DEVICE = /:/.test(TEST_DEVICE) ? TEST_DEVICE.toUpperCase() : `${TEST_DEVICE.toUpperCase()}:0`;

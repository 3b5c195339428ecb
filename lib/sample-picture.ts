import path from 'node:path';
import packageRoot from '#package-root';

/** The project's own, which the package brings along. */
export const SAMPLE_PICTURE = path.join(packageRoot, 'docs/images/sample.jpg');

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import packageRoot from '#package-root';

const requirements = path.join(packageRoot, 'tools/peers/requirements.txt');
const marker = path.join(packageRoot, '.cache/peers-python/installed.txt');

/** Whether the Python environment of other programs is there (node tools/peers/setup.mjs): no test makes it, as it takes 7 GB. */
export const hasPeers = existsSync(marker) && readFileSync(marker, 'utf8') === readFileSync(requirements, 'utf8');

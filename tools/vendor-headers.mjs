// Copies Node-API's headers into native/vendor, so that the packed tarball can be built with cmake alone; npm packs them and
// removes them again. node tools/vendor-headers.mjs [--remove]
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const vendor = path.resolve(import.meta.dirname, '../native/vendor');
const require = createRequire(import.meta.url);
rmSync(vendor, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  mkdirSync(vendor, { recursive: true });
  const addonApi = path.dirname(require.resolve('node-addon-api/package.json'));
  for (const name of readdirSync(addonApi).filter((name) => name.endsWith('.h')))
    cpSync(path.join(addonApi, name), path.join(vendor, name));
  cpSync(path.join(addonApi, 'LICENSE.md'), path.join(vendor, 'node-addon-api.LICENSE.md'));
  const { include_dir: headers } = require('node-api-headers');
  cpSync(headers, vendor, { recursive: true });
  cpSync(path.join(path.dirname(headers), 'LICENSE'), path.join(vendor, 'node-api-headers.LICENSE'));
}

// The package's own folder: the one place that knows it, for ESM and CommonJS alike ('#package-root' in package.json). Bundled
// into a program this is that program's folder, and the package, with its addon and its model, is where Node finds it.
const { existsSync } = require('node:fs');
const path = require('node:path');

const here = typeof __dirname === 'string' ? __dirname : undefined;
module.exports =
  here !== undefined && existsSync(path.join(here, 'package-root.cjs'))
    ? here
    : path.dirname(require.resolve('livedream/package.json'));

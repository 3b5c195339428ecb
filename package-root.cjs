// The package's own folder: the one place that knows it, for ESM and CommonJS alike ('#package-root' in package.json).
module.exports = __dirname;

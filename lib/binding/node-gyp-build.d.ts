declare module 'node-gyp-build' {
  interface NodeGypBuild {
    (folder: string): unknown;
    path(folder: string): string;
  }
  const nodeGypBuild: NodeGypBuild;
  export = nodeGypBuild;
}

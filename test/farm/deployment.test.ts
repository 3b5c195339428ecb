import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import packageRoot from '#package-root';
import { FARM_OPTIONS, WORK_COMMAND_OPTIONS, WORK_OPTIONS } from '../../lib/options/farm-options.js';
import { MONITOR_OPTIONS } from '../../lib/options/monitor-options.js';
import { SERVE_OPTIONS, SERVICE_OPTIONS } from '../../lib/options/serve-options.js';

const example = (name: string): string => readFileSync(path.join(packageRoot, 'examples/farm', name), 'utf8');
const flagsOf = (...tables: object[]): string[] =>
  tables.flatMap((table) => Object.values(table).map(({ flag }: { flag: string }) => flag.split(' ')[0] as string));

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  'farm work': flagsOf(FARM_OPTIONS, WORK_OPTIONS, WORK_COMMAND_OPTIONS),
  'farm monitor': flagsOf(FARM_OPTIONS, MONITOR_OPTIONS),
  serve: flagsOf(FARM_OPTIONS, SERVE_OPTIONS, SERVICE_OPTIONS),
};

/** Throws where a command line is none of livedream's. */
function checkCommand(args: readonly string[]): void {
  const name = args[0] === 'farm' ? `farm ${args[1]}` : (args[0] as string);
  const known = FLAGS[name];
  expect(known, name).toBeDefined();
  for (const flag of args.filter((each) => each.startsWith('--'))) expect(known).toContain(flag);
}

interface Part {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

test('the compose file runs what there is, on a queue that throws nothing away', () => {
  const { services } = parse(example('compose.yaml'), { merge: true }) as { services: Record<string, Part> };
  expect(Object.keys(services)).toEqual(['queue', 'worker', 'service', 'monitor']);
  const { queue, ...parts } = services;
  for (const { command = [], environment = {} } of Object.values(parts)) {
    checkCommand(command);
    expect(Object.keys(environment)).toEqual(['LIVEDREAM_QUEUE', 'LIVEDREAM_STORE', 'LIVEDREAM_TOKEN']);
  }
  expect(queue?.command?.join(' ')).toMatch(/--appendonly yes --maxmemory-policy noeviction/);
});

interface KubernetesObject {
  readonly kind: string;
  readonly spec: {
    readonly template?: {
      readonly spec: { readonly containers: readonly { readonly image: string; readonly args: string[] }[] };
    };
    readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[];
  };
}

test('the Kubernetes example runs what there is, and scales by what the monitor tells', () => {
  const documents = parseAllDocuments(example('kubernetes.yaml'));
  const objects = documents.map((each) => {
    expect(each.errors).toEqual([]);
    return each.toJS() as KubernetesObject;
  });
  const containers = objects.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  const ours = containers.filter(({ image }) => image === 'livedream-farm');
  expect(ours).toHaveLength(2);
  for (const { args } of ours) checkCommand(args);
  const scaled = objects.find(({ kind }) => kind === 'ScaledObject');
  expect(scaled?.spec.triggers?.[0]?.metadata).toMatchObject({
    url: expect.stringMatching(/\/status$/),
    valueLocation: 'load',
  });
});

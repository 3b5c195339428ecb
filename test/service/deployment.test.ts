import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { SERVE_OPTIONS, SERVICE_OPTIONS } from '../../lib/options/serve-options.js';
import { smallDreamer } from '../support/dreamers.js';
import { serviceOf } from './support.js';

const example = (name: string): string => readFileSync(path.join(packageRoot, 'examples/service', name), 'utf8');

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

test('the dashboard asks for metrics that there are', async () => {
  const { panels } = JSON.parse(example('grafana/dashboards/livedream.json')) as Dashboard;
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(livedream|process|nodejs)_\w+/g) ?? []),
  );
  const dreamer = await smallDreamer();
  const app = await serviceOf(dreamer);
  const { body } = await app.inject('/metrics');
  await app.close();
  await dreamer.dispose();
  const kinds = new Map([...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [String(name), kind]));
  const known = (name: string): boolean =>
    kinds.has(name) || kinds.get(name.replace(/_(bucket|count|sum)$/, '')) === 'histogram';
  expect(asked.length).toBeGreaterThan(panels.length);
  expect(asked.filter((name) => !known(name))).toEqual([]);
});

test('flags of the examples are flags of livedream serve', () => {
  const flags = Object.values({ ...SERVE_OPTIONS, ...SERVICE_OPTIONS }).map(({ flag }) => flag.split(' ')[0]);
  const entry = /ENTRYPOINT .*"serve"(.*)/.exec(example('Dockerfile'))?.[1] ?? '';
  const command = /^ {4}command: (.*)$/m.exec(example('compose.yaml'))?.[1] ?? '';
  const unit = /^ExecStart=.* serve (.*)$/m.exec(example('livedream.service'))?.[1] ?? '';
  for (const text of [entry, command, unit]) {
    const given = text.match(/--[\w-]+/g) ?? [];
    expect(given.length).toBeGreaterThan(0);
    expect(flags).toEqual(expect.arrayContaining(given));
  }
});

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.skipIf(!systemd)('systemd takes the unit (systemd-analyze)', () => {
  const file = path.join(packageRoot, 'examples/service/livedream.service');
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  const ours = stderr
    .split('\n')
    .filter((line) => line.includes('livedream.service') && !line.includes('not executable'));
  expect(ours).toEqual([]);
});

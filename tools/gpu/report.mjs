// The one file that `npm run test:gpu` writes.

/**
 * @typedef {object} Done
 * @property {string} name
 * @property {string} command
 * @property {number} seconds
 * @property {number | null} status
 * @property {string} output
 */

/** @param {{ date: Date, device: string, facts: Record<string, string>, steps: Done[] }} run */
export function gpuReport({ date, device, facts, steps }) {
  const rows = Object.entries(facts).map(([name, value]) => `| ${name} | ${value} |`);
  const results = steps.map(
    ({ name, status, seconds }) => `| ${name} | ${status === 0 ? 'passed' : `**failed** (${status})`} | ${seconds} s |`,
  );
  const parts = steps.map(({ name, command, output }) => {
    // Whatever the output holds, the fence around it is longer.
    const fence = '`'.repeat(Math.max(3, ...(output.match(/`+/g) ?? []).map((run) => run.length + 1)));
    return `## ${name}\n\n\`${command}\`\n\n${fence}text\n${output.trimEnd()}\n${fence}\n`;
  });
  return [
    `# livedream on ${device}, ${date.toISOString().slice(0, 10)}\n`,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    `\n${['| step | result | time |', '| --- | --- | --- |', ...results].join('\n')}\n`,
    ...parts,
  ].join('\n');
}

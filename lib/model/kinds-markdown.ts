import { FILE_KINDS } from './file-kinds.js';

/** The table of docs/models.md, made from the one that files are told by. */
export function kindsMarkdown(): string {
  const rows = Object.values(FILE_KINDS).map(({ example, what, todo }) => `| \`${example}\` | ${what} | ${todo} |`);
  return `| such as | is | what to do |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

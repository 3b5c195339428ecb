import { ERROR_CODES } from './error-codes.js';

/** The text of docs/errors.md, made from the table that errors are thrown from. */
export function errorsMarkdown(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { meaning, repair }]) => `| \`${code}\` | ${meaning} | ${repair} |`,
  );
  return `# Errors

Made from \`lib/error-codes.ts\` by \`npm run docs\`; a test checks that it is current. \`ERR_LIVEDREAM_OPTION_TYPE\` comes with a
\`TypeError\`, \`ERR_LIVEDREAM_OPTION_RANGE\` with a \`RangeError\`, all others with a \`LiveDreamError\`, whose \`cause\` holds what
lies under it.

| code | meaning | repair |
| --- | --- | --- |
${rows.join('\n')}
`;
}

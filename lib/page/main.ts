import { startContours } from './contours.js';
import { showFault, startFaults } from './faults.js';
import { Page } from './page.js';
import { Service } from './service.js';
import { Settings } from './settings.js';
import { startTheme } from './theme.js';
import { withToken } from './token.js';

async function start(): Promise<void> {
  const service = new Service();
  const facts = await service.facts();
  const model = await withToken(service, () => service.model());
  new Page(service, new Settings(facts, model)).start();
  // For those who wait for it: tests, and style sheets.
  document.documentElement.dataset['ready'] = '';
}

startTheme();
startContours();
startFaults();
start().catch((error: unknown) => showFault(error, () => location.reload()));

// Takes the first job that comes, and dies at it as a crash would: node dying-worker.mjs <queue> <namespace> <lock, ms>
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [queue, prefix, lock] = process.argv.slice(2);
const connection = new Redis(queue, { maxRetriesPerRequest: null });
new Worker('dreams', () => process.kill(process.pid, 'SIGKILL'), {
  connection,
  prefix,
  lockDuration: Number(lock),
  skipStalledCheck: true,
});

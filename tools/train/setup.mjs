// Makes the training's Python environment (PyTorch, 5 GB on Linux); prints its interpreter. Exits with 3 where it cannot be had:
// the training's own test is then skipped.
import { pythonEnvironment } from '../setup/python.mjs';
import { SetupError } from '../setup/step.mjs';

try {
  console.log(pythonEnvironment('train', 'tools/train/requirements.txt'));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`livedream: the training's Python environment cannot be had here: ${error.message}`);
  process.exit(3);
}

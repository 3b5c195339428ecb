// Makes the Python environment of the reference; prints its interpreter. Exits with 3 where Python, pip or TensorFlow cannot be
// had: the tests then use the golden results alone.
import { pythonEnvironment } from '../setup/python.mjs';
import { SetupError } from '../setup/step.mjs';

try {
  console.log(pythonEnvironment('reference', 'tools/reference/requirements.txt'));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`livedream: no Python reference here, golden results are used instead: ${error.message}`);
  process.exit(3);
}

// Makes the Python environment of the reference; prints its interpreter. Exits with 3 where Python, pip or TensorFlow cannot be
// had: the tests then use the golden results alone.
import { setUpPython } from '../setup/python.mjs';

setUpPython({
  name: 'reference',
  requirements: 'tools/reference/requirements.txt',
  without: 'no Python reference here, golden results are used instead',
});

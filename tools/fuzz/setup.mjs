// Makes the Python environment of Schemathesis; prints its interpreter. Exits with 3 where Python, pip or Schemathesis cannot be had.
import { setUpPython } from '../setup/python.mjs';

setUpPython({
  name: 'fuzz',
  requirements: 'tools/fuzz/requirements.txt',
  without: 'the service cannot be fuzzed here',
});

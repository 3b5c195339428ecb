// Makes the Python environment of gcovr; prints its interpreter. Exits with 3 where Python, pip or gcovr cannot be had.
import { setUpPython } from '../setup/python.mjs';

setUpPython({
  name: 'coverage',
  requirements: 'tools/coverage/requirements.txt',
  without: 'the coverage of native/ cannot be told here',
});

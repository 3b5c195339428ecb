// Makes the Python environment of the programs that `livedream bench --peers` measures beside livedream; prints its interpreter.
// Exits with 3 where it cannot be had. PyTorch comes with its CUDA libraries on Linux: 7 GB.
import { setUpPython } from '../setup/python.mjs';

setUpPython({
  name: 'peers',
  requirements: 'tools/peers/requirements.txt',
  without: 'the peers cannot be measured here',
});

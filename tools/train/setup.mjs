// Makes the training's Python environment (PyTorch, 5 GB on Linux); prints its interpreter. Exits with 3 where it cannot be had:
// the training's own test is then skipped.
import { setUpPython } from '../setup/python.mjs';

setUpPython({
  name: 'train',
  requirements: 'tools/train/requirements.txt',
  without: "the training's Python environment cannot be had here",
});

// Makes the Python environment of the tests' S3 server; prints its interpreter. Exits with 3 where Python, pip or moto cannot be had.
import { setUpPython } from '../setup/python.mjs';

setUpPython({
  name: 's3',
  requirements: 'tools/s3/requirements.txt',
  without: "the farm's store on S3 cannot be tested here",
});

# For those who come to a clone by node-gyp: CMakeLists.txt is the build. package.json says "gypfile": false, so npm does not run
# this; it is not packed, since pnpm and Yarn would.
{
  "targets": [
    {
      "target_name": "livedream",
      "type": "none",
      "actions": [
        {
          "action_name": "configure",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["build/CMakeCache.txt"],
          "action": ["cmake", "-S", ".", "-B", "build", "-DCMAKE_BUILD_TYPE=Release"]
        },
        {
          "action_name": "build",
          "inputs": ["build/CMakeCache.txt"],
          "outputs": ["build/Release/livedream.node"],
          "action": ["cmake", "--build", "build"]
        }
      ]
    }
  ]
}

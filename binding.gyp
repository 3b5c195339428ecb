# For those who come by node-gyp: CMakeLists.txt is the build. package.json says "gypfile": false, so npm does not run this.
{
  "targets": [
    {
      "target_name": "livedream",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake-js",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["build/Release/livedream.node"],
          "action": ["npm", "run", "build:native"]
        }
      ]
    }
  ]
}

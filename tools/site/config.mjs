// The site's names and order. Links that lead nowhere end the building of it (VitePress's own check).
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const reference = path.join(process.env.LIVEDREAM_SITE, 'pages/reference/typedoc-sidebar.json');

const page = (text, link) => ({ text, link: `/${link}` });

export default {
  title: 'livedream',
  description:
    'DeepDream as a native Node.js addon: the whole gradient-ascent loop runs in TensorFlow’s C API with XLA.',
  // No icon: a browser would ask for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: 'pages',
  outDir: 'site',
  cacheDir: 'cache',
  // Copies of source files are no pages.
  ignoreDeadLinks: [/^\/source\//],
  markdown: { image: { lazyLoading: true } },
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [page('Guides', 'install'), page('Reference', 'reference/'), page('Changes', 'changelog')],
    outline: [2, 3],
    sidebar: {
      '/reference/': existsSync(reference) ? JSON.parse(readFileSync(reference, 'utf8')) : [],
      '/': [
        {
          text: 'Begin',
          items: [
            page('What it is', ''),
            page('Install', 'install'),
            page('GPU', 'gpu'),
            page('Errors and repairs', 'errors'),
          ],
        },
        {
          text: 'Dream',
          items: [
            page('Choosing filters', 'filters'),
            page('The embedded network', 'embedded-model'),
            page('Steering', 'steering'),
            page('Options', 'options'),
            page('Recipes', 'recipes'),
            page('Replay', 'replay'),
            page('Models of your own', 'models'),
          ],
        },
        {
          text: 'Run',
          items: [
            page('Films', 'video'),
            page('Live streams', 'streams'),
            page('Service', 'service'),
            page('Render farm', 'farm'),
            page('Benchmark', 'bench'),
            page('Security', 'security'),
          ],
        },
        {
          text: 'Examples',
          items: [
            page('Steering', 'example-steering'),
            page('A client of the live socket', 'example-live-client'),
            page('Running the service', 'example-service'),
          ],
        },
        {
          text: 'How it works',
          items: [
            page('Algorithm', 'algorithm'),
            page('Architecture', 'architecture'),
            page('Performance', 'performance'),
            page('… with XLA', 'performance-xla'),
            page('… of batches', 'performance-batches'),
            page('… of the compile cache', 'performance-cache'),
            page('… of streams', 'performance-streams'),
            page('… of the service', 'performance-service'),
            page('… of other programs', 'performance-peers'),
            page('An hour of everything', 'soak'),
            page('The embedded network’s diary', 'embedded-network'),
            page('Training', 'training'),
            page('Judging dreams', 'judging'),
            page('When TensorFlow fails', 'sanitizers'),
            page('Which lines the tests run', 'coverage'),
            page('Contributing', 'contributing'),
            page('Changes', 'changelog'),
          ],
        },
      ],
    },
  },
};

// A service of one's own on Fastify: a picture is posted to /dreams/FILTER, its dream comes back. README.md.
import Fastify from 'fastify';
import { Dreamer, LiveDreamError } from 'livedream';

// No more dreams wait than a client has patience for; the next one is told so, with a 503.
const dreamer = await Dreamer.load({ queueLimit: 8 });
const app = Fastify({ bodyLimit: 20 * 2 ** 20 });

app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.get('/filters', () => Object.keys(dreamer.filters()));

const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    size: { type: 'integer', minimum: 64, maximum: 1024, default: 640 },
    iterations: { type: 'integer', minimum: 1, maximum: 50 },
    seed: { type: 'integer', minimum: 0 },
  },
};

app.post('/dreams/:filter', { schema: { querystring } }, async (request, reply) => {
  if (!Buffer.isBuffer(request.body))
    return reply.code(415).send({ message: 'Post a picture, as image/jpeg or the like.' });
  // A client that goes away has its dream stopped.
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const { filter } = request.params;
  const dream = await dreamer.dream(request.body, { ...request.query, filter, signal: gone.signal });
  return reply.type('image/webp').send(await dream.toBuffer('webp', { quality: 85 }));
});

/** What a client can do something about; all else is a fault of ours, of which it need not know more. */
const STATUSES = {
  ERR_LIVEDREAM_FILTER_UNKNOWN: 404,
  ERR_LIVEDREAM_IMAGE_UNREADABLE: 422,
  ERR_LIVEDREAM_IMAGE_TOO_SMALL: 422,
  ERR_LIVEDREAM_IMAGE_ANIMATED: 422,
  ERR_LIVEDREAM_IMAGE_TOO_LARGE: 413,
  ERR_LIVEDREAM_QUEUE_FULL: 503,
  ERR_LIVEDREAM_OUT_OF_MEMORY: 503,
};

app.setErrorHandler((error, _request, reply) => {
  const status = error instanceof LiveDreamError ? STATUSES[error.code] : error.statusCode;
  if (status === undefined) console.error(error);
  return reply.code(status ?? 500).send({ code: error.code, message: status ? error.message : 'The dream failed.' });
});

for (const name of ['SIGINT', 'SIGTERM'])
  process.once(name, async () => {
    // Dreams under way are finished and answered first.
    await app.close();
    await dreamer.dispose();
  });

const { HOST: host = '127.0.0.1', PORT: port = '3000' } = process.env;
console.log(await app.listen({ host, port: Number(port) }));

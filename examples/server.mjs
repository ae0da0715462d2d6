// node examples/server.mjs [--port N] [--bytes N] [--pixels N] [--waiting N]: removes rain from photographs over HTTP.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '@unweather/core-tensor';
import { load } from '@unweather/durn';
import express from 'express';
import multer from 'multer';
import sharp from 'sharp';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    bytes: { type: 'string', default: '20000000' },
    pixels: { type: 'string', default: '24000000' },
    waiting: { type: 'string', default: '4' },
  },
});
const [bytes, pixels, waiting] = [values.bytes, values.pixels, values.waiting].map(Number);
const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'];

/** An answer that is no picture. */
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const model = await load({ task: 'rain' });
let inside = 0;
let last = Promise.resolve();

/** Takes a place before the upload is read, so that memory is bounded by the places and not by the clients. */
function enter(_request, response, next) {
  if (inside > waiting) throw new Refusal(503, 'other photographs are waiting; try again in some seconds');
  inside++;
  response.once('close', () => inside--);
  next();
}

/** Runs a task when those before it have ended. */
function inTurn(task) {
  const result = last.then(task);
  last = result.catch(() => undefined);
  return result;
}

/** Reads the header alone: a small file may unpack to gigabytes. */
async function check(photo) {
  const { format, width, height } = await sharp(photo)
    .metadata()
    .catch((thrown) => {
      throw new Refusal(422, `the upload is not a readable picture (${messageOf(thrown)})`);
    });
  const name = format === 'heif' ? 'avif' : format;
  if (!FORMATS.includes(name)) throw new Refusal(415, `${name} is not taken; send one of ${FORMATS.join(', ')}`);
  if (width * height > pixels)
    throw new Refusal(413, `${width}×${height} pixels are more than ${pixels}; send a smaller picture`);
}

async function restore(request, response) {
  const photo = request.file?.buffer ?? request.body;
  if (!Buffer.isBuffer(photo))
    throw new Refusal(415, 'send the picture as the body, or as the field "photo" of a form');
  const type = request.accepts(['image/png', 'image/jpeg']);
  if (!type) throw new Refusal(406, 'image/png and image/jpeg are what can be answered');
  await check(photo);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const restored = await inTurn(() => model.restore(photo, { signal: gone.signal }));
  response.type(type).send(await restored.toBuffer(type === 'image/png' ? 'png' : 'jpg'));
}

/** Errors that a client can mend come as 4xx with their text; others are the server's, and stay in its log. */
function answerError(thrown, _request, response, _next) {
  if (response.closed) return;
  const tooLarge = thrown.code === 'LIMIT_FILE_SIZE';
  const status = tooLarge
    ? 413
    : thrown instanceof UserError
      ? 422
      : thrown instanceof multer.MulterError
        ? 400
        : thrown.status;
  if (status === undefined || status === 500) console.error(thrown);
  response
    .status(status ?? 500)
    .type('text')
    .send(status === undefined ? 'the server failed\n' : `${messageOf(thrown)}\n`);
}

const application = express()
  .disable('x-powered-by')
  .post(
    '/restore',
    enter,
    express.raw({ type: ['image/*', 'application/octet-stream'], limit: bytes }),
    multer({ limits: { fileSize: bytes, files: 1 } }).single('photo'),
    restore,
  )
  .use(answerError);

const server = application.listen(Number(values.port), '127.0.0.1');
// A client that sends its upload drop by drop gives its place back.
server.requestTimeout = 60_000;
await once(server, 'listening');
console.log(`http://127.0.0.1:${server.address().port}/restore, by ${model.network} (${model.engine})`);

// Takes no new request, ends those that have begun, then ends the session and with it the process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => model.dispose()));

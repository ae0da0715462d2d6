import { framesIn, messageOf, UserError } from '@unweather/core-tensor/browser';
import type { BrowserLoadOptions, BrowserModel } from '@unweather/model/browser';
import { PAPERS, type PaperName } from 'unweather/papers';
import type { Job, Report } from './messages.js';

// Restores pictures in its own thread, so that the page stays responsive.

const scope = self as unknown as { postMessage(report: Report, transfer?: Transferable[]): void };
const assets = new URL('ort/', self.location.href).href;

type BrowserLoad = (options: BrowserLoadOptions) => Promise<BrowserModel>;

/** Model of the last job, kept because the next one usually needs it again. */
let open: { readonly key: string; readonly model: BrowserModel } | undefined;

self.onmessage = async ({ data: job }: MessageEvent<Job>) => {
  try {
    const model = await modelFor(job);
    const { network, engine, threads } = model;
    scope.postMessage({ kind: 'opened', network, engine, threads });
    const since = performance.now();
    const frames = await framesIn(new Uint8Array(await job.picture.arrayBuffer()));
    const restored = await model.restore(job.picture, {
      frame: 1,
      onProgress: ({ done, total }) => scope.postMessage({ kind: 'progress', done, total }),
    });
    const seconds = (performance.now() - since) / 1000;
    const { data, width, height } = restored.toImageData();
    const { metadata } = restored;
    scope.postMessage({ kind: 'restored', data, width, height, seconds, metadata, frames }, [data.buffer]);
  } catch (thrown) {
    scope.postMessage({ kind: 'failed', message: messageOf(thrown) });
  }
};

async function modelFor({ paper, task, weights }: Job): Promise<BrowserModel> {
  const own = weights instanceof File;
  const key = JSON.stringify([paper, task, own ? [weights.name, weights.size, weights.lastModified] : weights.sha256]);
  if (open?.key === key) return open.model;
  await open?.model.dispose();
  open = undefined;
  // A browser bundle contains the package's browser entry.
  const { load } = (await PAPERS[paper as PaperName].model()) as unknown as { load: BrowserLoad };
  const model = await load({ task, weights: own ? weights : await fetched(weights), assets });
  open = { key, model };
  return model;
}

/** Downloads the app's own weights, and checks them against the hash in its list. */
async function fetched({ url, sha256 }: { readonly url: string; readonly sha256: string }): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new UserError(`${url}: cannot be fetched (status ${response.status}); build the app again`);
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== sha256)
    throw new UserError(`${url}: its SHA-256 is ${found}, not ${sha256}; reload the page, or build the app again`);
  return bytes;
}

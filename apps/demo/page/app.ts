import type { MetadataChoice } from '@unweather/core-tensor/browser';
import { describeChoice, jobOf, listChoices } from './choices.js';
import { restoredFile, showPhotograph, showRestored } from './comparison.js';
import { elements } from './elements.js';
import type { Manifest } from './manifest.js';
import type { Job, Report } from './messages.js';
import { keepForOffline } from './offline.js';

const { photo, stage, panel, model, weights, restore, cancel, busy, progress, status, error } = elements;

let picture: File | undefined;
let worker: Worker | undefined;
/** The reading of the files that were brought, one after another: the last is the one that stays. */
let reading = Promise.resolve();

function say(text: string, problem = ''): void {
  status.textContent = text;
  error.textContent = problem;
}

/** Enables the restore button if a run can start. */
function renew(): void {
  restore.disabled = !busy.hidden || picture === undefined || jobOf() === undefined;
}

async function take(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  stop();
  const before = picture;
  picture = undefined;
  renew();
  try {
    await showPhotograph(file);
    picture = file;
    elements.another.hidden = false;
    elements.download.hidden = true;
    say(`${file.name} is ready to be restored.`);
  } catch {
    picture = before;
    say('', `${file.name}: not a picture that this browser can show; use PNG, JPEG or WebP.`);
  }
  renew();
}

function stop(): void {
  if (busy.hidden) return;
  // A run cannot be interrupted, but its worker can be terminated.
  worker?.terminate();
  worker = undefined;
  settle();
}

function settle(): void {
  busy.hidden = true;
  panel.removeAttribute('aria-busy');
  renew();
}

function start(job: Job): void {
  worker ??= new Worker('worker.js', { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Report>) => report(data);
  worker.onerror = ({ message }) => report({ kind: 'failed', message });
  busy.hidden = false;
  progress.removeAttribute('value');
  panel.setAttribute('aria-busy', 'true');
  renew();
  say('Loading the network.');
  worker.postMessage(job);
}

function report(told: Report): void {
  if (told.kind === 'opened') {
    const threads = told.threads === 1 ? 'one thread' : `${told.threads} threads`;
    const slow = told.engine.includes('wasm') && !crossOriginIsolated;
    elements.machine.textContent =
      `${told.network} runs on ${told.engine}, ${threads}.` +
      (slow ? ' The server does not isolate this page from other origins, so only one is available.' : '');
    say('Restoring.');
  } else if (told.kind === 'progress') {
    if (told.total > 1) {
      Object.assign(progress, { max: told.total, value: told.done });
      say(`Restoring: ${told.done} of ${told.total} tiles.`);
    }
  } else if (told.kind === 'failed') {
    settle();
    say('', told.message);
  } else {
    showRestored(told);
    elements.download.hidden = false;
    settle();
    const first = told.frames > 1 ? ` The first of ${told.frames} frames;` : '';
    say(
      `Restored in ${told.seconds.toFixed(1)} s.${first ? `${first} the command restores all of them.` : ''} Move the slider to compare.`,
    );
  }
}

async function download(): Promise<void> {
  const file = await restoredFile(elements.metadata.value as MetadataChoice);
  if (file === null || picture === undefined) throw new Error('the restored picture cannot be written');
  const href = URL.createObjectURL(file);
  const name = `${picture.name.replace(/\.[^.]*$/, '')}-restored.png`;
  Object.assign(document.createElement('a'), { href, download: name }).click();
  URL.revokeObjectURL(href);
}

elements.download.addEventListener('click', download);
photo.addEventListener('change', () => {
  const file = photo.files?.[0];
  reading = reading.then(() => take(file));
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  stage.classList.add('over');
});
document.addEventListener('dragleave', () => stage.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  stage.classList.remove('over');
  const file = event.dataTransfer?.files[0];
  reading = reading.then(() => take(file));
});
model.addEventListener('change', () => {
  describeChoice();
  renew();
});
weights.addEventListener('change', renew);
cancel.addEventListener('click', () => {
  stop();
  say('Stopped.');
  restore.focus();
});
panel.addEventListener('submit', (event) => {
  event.preventDefault();
  const job = jobOf();
  if (picture !== undefined && job !== undefined) start({ ...job, picture });
});

listChoices((await (await fetch('weights.json')).json()) as Manifest);
describeChoice();
renew();
await keepForOffline();

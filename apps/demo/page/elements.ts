/** Finds an element by id. @throws Error if the page has none */
function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found as E;
}

/** Elements that the page's code reads and changes. */
export const elements = {
  stage: element('stage'),
  photo: element<HTMLInputElement>('photo'),
  drop: element('drop'),
  compare: element('compare'),
  before: element<HTMLCanvasElement>('before'),
  after: element<HTMLCanvasElement>('after'),
  slider: element<HTMLInputElement>('slider'),
  busy: element('busy'),
  progress: element<HTMLProgressElement>('progress'),
  cancel: element<HTMLButtonElement>('cancel'),
  panel: element<HTMLFormElement>('panel'),
  model: element<HTMLSelectElement>('model'),
  about: element('about'),
  own: element('own'),
  weights: element<HTMLInputElement>('weights'),
  restore: element<HTMLButtonElement>('restore'),
  another: element('another'),
  metadata: element<HTMLSelectElement>('metadata'),
  download: element<HTMLButtonElement>('download'),
  status: element('status'),
  error: element('error'),
  machine: element('machine'),
  offline: element('offline'),
};

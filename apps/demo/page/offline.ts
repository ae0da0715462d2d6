import { elements } from './elements.js';

/** Lets the service worker cache the app, and shows when it works offline. */
export async function keepForOffline(): Promise<void> {
  const { offline } = elements;
  if (!('serviceWorker' in navigator)) {
    offline.textContent =
      'This address is not secure (https or localhost), so the page cannot be kept for offline use.';
    return;
  }
  offline.textContent = 'Saving the page for offline use…';
  try {
    await navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'none' });
    await navigator.serviceWorker.ready;
    offline.textContent = 'Works offline.';
  } catch (thrown) {
    offline.textContent = `Cannot be kept for offline use (${thrown instanceof Error ? thrown.message : String(thrown)}).`;
  }
}

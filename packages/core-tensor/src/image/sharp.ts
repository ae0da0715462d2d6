/** sharp is loaded on first use, so that a browser bundle never sees it. */
export async function loadSharp() {
  return (await import('sharp')).default;
}

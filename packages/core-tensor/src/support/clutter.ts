/** Names of files and folders that systems leave beside people's own, in lower case. */
const NAMES: readonly string[] = [
  ...['.ds_store', '.appledouble', '.spotlight-v100', '.trashes', '.fseventsd', '.temporaryitems', '__macosx'],
  ...['thumbs.db', 'ehthumbs.db', 'desktop.ini', '$recycle.bin', 'system volume information'],
  ...['@eadir', '#recycle', '.@__thumb'],
];

/**
 * True for files and folders that macOS, Windows and network drives leave beside people's own: "._photo.jpg",
 * ".DS_Store", "Thumbs.db", "@eaDir" and the like. They are ignored wherever a folder is read, without a word.
 * @param name of the file or the folder, without its path
 */
export function isClutter(name: string): boolean {
  return name.startsWith('._') || NAMES.includes(name.toLowerCase());
}

export { pictureSize, readPicture, writePng } from './image/files.js';
export { cut, fromPlanes, mirrored, type Picture, toPlanes, type Window } from './image/picture.js';
export { errorCode, messageOf, UserError } from './support/error.js';
export { fileReason, readWhole, writableFolder, writeWhole } from './support/files.js';
export { fnv1a, Random } from './support/random.js';

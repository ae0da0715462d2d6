// Parts that other pages are built from; none of them loads the chart library.
export { documentOf, type Style, topLine } from './html/document.js';
export { html, Markup } from './html/markup.js';
export { image, type NamedWebPicture, slider } from './html/slider.js';
export { LONGEST, QUALITY, type WebPicture, webPicture } from './html/web-picture.js';

// What other pages are put together from; none of it loads the library of charts.
export { documentOf, type Style, topLine } from './html/document.js';
export { html, Markup } from './html/markup.js';
export { image, type NamedWebPicture, slider } from './html/slider.js';
export { LONGEST, QUALITY, type WebPicture, webPicture } from './html/web-picture.js';

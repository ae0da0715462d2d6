export { reportPage } from './html/page.js';
export { writeReport } from './html/write.js';
export { markdownOf } from './markdown.js';
export { type MergedEvaluation, mergeInto } from './merge.js';
export { type PublishedNumber, publishedFiles, readPublishedNumbers } from './published.js';
export { keepSummaries, renewedReadme, renewReadme, summariesOf } from './readme.js';
export { readSources, type SourceOptions, type Sources } from './sources.js';
export type { MeasuredRow, PublishedRow, Row } from './tables/rows.js';
export { type Group, type Section, type Tables, tablesOf } from './tables/sections.js';

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combinations, fieldsIn, fill, parsesOf, parseTemplate, patternOf } from './template.js';

test('what a template was filled with is read back', () => {
  const template = parseTemplate(
    '{sequence}/Rain_{level:Heavy|Medium|Light}/{scene:digits}_{variant:1..14}(1)_{beta}.png#left',
  );
  const name = fc.stringMatching(/^[A-Za-z0-9.+()-]{1,8}$/);
  const values = fc.record({
    sequence: name,
    level: fc.constantFrom('Heavy', 'Medium', 'Light'),
    scene: fc.nat().map(String),
    variant: fc.integer({ min: 1, max: 14 }).map(String),
    beta: name,
  });
  fc.assert(
    fc.property(values, (fields) => {
      const path = fill(template.file, fields);
      expect({ ...patternOf(template, template.file).exec(path)?.groups }).toEqual(fields);
    }),
  );
});

test('a field that stands twice is the same both times; dots and brackets are meant as they are', () => {
  const template = parseTemplate('{scene}/{scene}(1).png');
  const pattern = patternOf(template, template.file);
  expect(pattern.test('7/7(1).png')).toBe(true);
  for (const path of ['7/8(1).png', '7/7(1)xpng', '7/71.png']) expect(pattern.test(path)).toBe(false);
});

test('choices multiply; a part behind "#" is no part of the file', () => {
  const { file, text, fields } = parseTemplate('{scene}_{v:1..2}.png#noise-{sigma:30|50}');
  expect([file, fieldsIn(file), fieldsIn(text)]).toEqual([
    '{scene}_{v:1..2}.png',
    ['scene', 'v'],
    ['scene', 'v', 'sigma'],
  ]);
  expect(combinations([fields.get('v')!, fields.get('sigma')!]).map(({ v, sigma }) => `${v} ${sigma}`)).toEqual([
    '1 30',
    '1 50',
    '2 30',
    '2 50',
  ]);
  expect(() => parseTemplate('{scene.png')).toThrow('{scene.png: its braces do not form a field');
});

test('every way in which a text fits is found, and gives the text again', () => {
  const template = parseTemplate('{id}_{level}');
  expect(parsesOf(template, template.file, 'a_b_c')).toEqual([
    { id: 'a', level: 'b_c' },
    { id: 'a_b', level: 'c' },
  ]);
  const numbered = parseTemplate('{id:digits}/{id:digits}_{level:light|heavy}');
  expect(parsesOf(numbered, numbered.file, '12/12_heavy')).toEqual([{ id: '12', level: 'heavy' }]);
  for (const text of ['12/13_heavy', '12/12_storm', '12/12_heavy.png'])
    expect(parsesOf(numbered, numbered.file, text)).toEqual([]);
  fc.assert(
    fc.property(fc.stringMatching(/^[a-c_]{1,10}$/), (text) => {
      const found = parsesOf(template, template.file, text);
      expect(found.length).toBe(text.slice(1, -1).split('_').length - 1);
      for (const fields of found) expect(fill(template.file, fields)).toBe(text);
    }),
  );
});

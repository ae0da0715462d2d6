import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escaped, html } from './markup.js';

test('values are escaped, markup is not, lists are joined', () => {
  const name = `<b a="1" c='2'>&amp;`;
  expect(html`<i title="${name}">${[1, html`<u>${'<'}</u>`, 'x']}</i>`.text).toBe(
    '<i title="&#60;b a=&#34;1&#34; c=&#39;2&#39;&#62;&#38;amp;">1<u>&#60;</u>x</i>',
  );
});

test('no text opens a tag, ends an attribute, or is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = escaped(text);
      expect(safe).not.toMatch(/[<>"']/);
      expect(safe.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))).toBe(text);
    }),
  );
});

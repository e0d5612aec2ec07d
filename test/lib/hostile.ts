import fc from 'fast-check';

/** Pieces of which attacks on Markdown are made, in any order. */
const pieces = fc.constantFrom(
  ...[
    '<',
    '>',
    '&lt;',
    '<script>',
    '<!--',
    '[a](http://x.y)',
    '![',
    ']',
    '`',
    '```',
    '````',
    '~~~',
    '|',
    '\\',
    '\n',
    '\n\n',
  ],
  ...[
    '---',
    '- ',
    '+',
    '1. ',
    '# ',
    '    ',
    '\t',
    'https://evil.example',
    'www.evil.example',
    '*',
    '_',
    '$',
    ':-',
    '=',
  ],
  ...['[^1]', '\u001b[31m', '\u202e', '{{ x }}', '{% raw %}', 'word', ' ', 'é'],
);
/** Text made to break out of wherever it is put. */
export const hostile = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

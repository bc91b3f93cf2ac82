import assert from 'node:assert/strict';
import { ProtocolError } from '../../../src/remote/psrp/error.ts';
import { descendants, escapeXml, parseXml, under, wholeText } from '../../../src/remote/wsman/xml.ts';

describe('the XML of SOAP answers', () => {
  it('is read by local names, with attributes, references, comments and CDATA', () => {
    const root = parseXml('\ufeff<?xml version="1.0"?><!-- hi --><s:E xmlns:s="x" s:a=\'1 &lt; 2\'><a>x&#x41;&#66;&amp;</a><b:a/><![CDATA[<raw&amp;>]]></s:E>\n');
    assert.equal(root.name, 'E');
    assert.equal(root.attributes.get('a'), '1 < 2');
    assert.equal(under(root, 'a')?.text, 'xAB&');
    assert.equal(descendants(root, 'a').length, 2);
    assert.equal(root.text, '<raw&amp;>');
    assert.equal(wholeText(parseXml('<a> one <b>two</b> <c><d>three</d></c></a>')), 'one two three');
  });

  it('gives back what was escaped', () => {
    const text = '<a b="c">&\'d\' &#x41;';
    assert.equal(parseXml(`<x y="${escapeXml(text)}">${escapeXml(text)}</x>`).text, text);
  });

  for (const [what, source] of Object.entries({
    'nothing': '',
    'text alone': 'hello',
    'an element that does not end': '<a><b></b>',
    'a wrong end tag': '<a></b>',
    'an end tag too many': '<a/></a>',
    'two documents': '<a/><b/>',
    'text after the document': '<a/>x',
    'a document type': '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    'a processing instruction': '<a><?php x ?></a>',
    'an attribute without a value': '<a b></a>',
    'a comment that does not end': '<a><!-- </a>',
    'CDATA that does not end': '<a><![CDATA[ </a>',
    'an attribute with an element in it': '<a b="<c/>"/>',
    'HTML': '<html><br><p>no</html>',
  })) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => parseXml(source), ProtocolError);
    });
  }

  it('does not resolve entities of its own', () => {
    assert.equal(parseXml('<a>&xxe;&AMP;</a>').text, '&xxe;&AMP;');
  });

  it('is bounded in depth, in elements and in attributes', () => {
    const limited = (source: string): void => {
      assert.throws(() => parseXml(source), (error: ProtocolError) => error.reason === 'limit-exceeded');
    };
    limited('<a>'.repeat(65));
    limited(`<a>${'<b/>'.repeat(100_001)}</a>`);
    limited(`<a ${Array.from({ length: 65 }, (_, i) => `x${i}="1"`).join(' ')}/>`);
  });

  it('is read in a time that grows with its length, whatever is in it', () => {
    const started = performance.now();
    for (const piece of ['<', '<a', '<a b="', '&', '&#', '<!--', ' ', '<a ', '\t\n', '<![CDATA[', '-->', '<a b = ', '</']) {
      assert.throws(() => parseXml(`<r>${piece.repeat(200_000)}`), ProtocolError);
    }
    assert.ok(performance.now() - started < 5000);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decode, decodeDocument } from '../../src/remote/clixml/decode.ts';
import { encode } from '../../src/remote/clixml/encode.ts';
import { ClixmlError } from '../../src/remote/clixml/error.ts';
import { escapeText } from '../../src/remote/clixml/text.ts';
import { PlainSecret, property, psDate, psDecimal, psObject, psTyped } from '../../src/remote/clixml/values.ts';
import type { PSObject, PSValue } from '../../src/session.ts';
import { cases } from '../cases.ts';

const value = (xml: string): PSValue => decode(xml);
const object = (xml: string): PSObject => decode(xml) as PSObject;

describe('CLIXML text', () => {
  const table: readonly (readonly [written: string, text: string])[] = [
    ['', ''],
    ['plain', 'plain'],
    ['_x000D__x000A_', '\r\n'],
    ['_xD83C__xDFB5_', '🎵'],
    ['_xd83c__xdfb5_', '🎵'],
    ['_XD83C__XDFB5_', '🎵'],
    ['_x005F_x000A_', '_x000A_'],
    ['_x005F_', '_'],
    ['_x0001F3B5_', '🎵'],
    ['_x00000041_', 'A'],
    ['_xFFFFFFFF_', '_xFFFFFFFF_'],
    ['_x00G0_', '_x00G0_'],
    ['_x0041', '_x0041'],
    ['_', '_'],
    ['__x0041_', '_A'],
    ['_x0041_x0042_', 'Ax0042_'],
    ['_x0041__x0042_', 'AB'],
    ['_xD800_', '\ud800'],
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#65;&#x42;&#X43;', 'ABC'],
    ['&#xFFFE;&#0;&#xD800;', '\ufffe\u0000\ud800'],
    ['&#x1F3B5;', '🎵'],
    ['&amp;lt;', '&lt;'],
    ['&#95;x0041_', 'A'],
    ['é漢🎵', 'é漢🎵'],
  ];
  for (const [written, text] of table) {
    it(`reads ${JSON.stringify(written)} in an element and in a name`, () => {
      assert.equal(value(`<S>${written}</S>`), text);
      if (text === '') return;
      assert.deepEqual(Object.keys(object(`<Obj RefId="0"><MS><I32 N="${written}">1</I32></MS></Obj>`).properties), [text]);
    });
  }

  it('writes what XML or .NET cannot take as escapes', () => {
    assert.equal(escapeText('a\u0000\u001f\u007f\u009f_x_X_y\ufffe<>&"\''), 'a_x0000__x001F__x007F__x009F__x005F_x_x005F_X_y_xFFFE_&lt;&gt;&amp;&quot;\'');
    assert.equal(escapeText('🎵'), '_xD83C__xDFB5_');
    assert.equal(escapeText('é'), 'é');
  });

  it('leaves numbers, dates and ciphertext unescaped', () => {
    assert.deepEqual(value('<Version>1_x0041_</Version>'), psTyped('Version', '1_x0041_'));
  });

  it('returns every string of UTF-16 code units', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(decode(encode(text)), text);
    }), cases(500));
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
      const text = String.fromCharCode(...units);
      assert.equal(decode(encode(text)), text);
    }), cases(500));
  });

  it('returns texts that look like escapes', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('_', 'x', 'X', '0', '4', '1', '_x0041_', '&', ';', '#', '<', 'amp')), (parts) => {
      assert.equal(decode(encode(parts.join(''))), parts.join(''));
    }), cases(1000));
  });

  it('finds escapes far into a long text', () => {
    for (const length of [46, 47, 48, 49, 50, 200]) {
      for (const special of ['&amp;', '_x0041_']) {
        const plain = 'y'.repeat(length);
        assert.equal(value(`<S>${plain}${special}</S>`), plain + (special === '&amp;' ? '&' : 'A'));
        assert.deepEqual(value(`<Obj RefId="0"><LST><S>${plain}</S><S>${plain}${special}</S><S>${plain}</S></LST></Obj>`), [plain, plain + (special === '&amp;' ? '&' : 'A'), plain]);
      }
    }
  });
});

describe('CLIXML values', () => {
  const table: readonly (readonly [xml: string, value: PSValue])[] = [
    ['<Nil />', null],
    ['<Nil/>', null],
    ['<Nil></Nil>', null],
    ['\ufeff<S>x</S>', 'x'],
    ['<S />', ''],
    ['<B>true</B>', true],
    ['<B>false</B>', false],
    ['<I32>-2147483648</I32>', -2147483648],
    ['<I32>2147483647</I32>', 2147483647],
    ['<I32>007</I32>', 7],
    ['<By>255</By>', 255],
    ['<SB>-128</SB>', -128],
    ['<I16>-32768</I16>', -32768],
    ['<U16>65535</U16>', 65535],
    ['<U32>4294967295</U32>', 4294967295],
    ['<I64>-9223372036854775808</I64>', -9223372036854775808n],
    ['<I64>5</I64>', 5n],
    ['<U64>18446744073709551615</U64>', 18446744073709551615n],
    ['<D>79228162514264337593543950335</D>', psDecimal('79228162514264337593543950335')],
    ['<D>1.10</D>', psDecimal('1.10')],
    ['<Db>1.5E-07</Db>', 1.5e-7],
    ['<Db>NaN</Db>', Number.NaN],
    ['<Sg>INF</Sg>', Number.POSITIVE_INFINITY],
    ['<Db>-INF</Db>', Number.NEGATIVE_INFINITY],
    ['<C>97</C>', psTyped('Char', 'a')],
    ['<TS>P10675199DT2H48M5.4775807S</TS>', psTyped('TimeSpan', 'P10675199DT2H48M5.4775807S')],
    ['<G>6f9619ff-8b86-d011-b42d-00c04fc964ff</G>', psTyped('Guid', '6f9619ff-8b86-d011-b42d-00c04fc964ff')],
    ['<URI>http://a/?b=_x0041_&amp;c</URI>', psTyped('Uri', 'http://a/?b=A&c')],
    ['<XD>&lt;a /&gt;</XD>', psTyped('Xml', '<a />')],
    ['<SBK>1 + 1</SBK>', psTyped('ScriptBlock', '1 + 1')],
    ['<BA>AQID</BA>', new Uint8Array([1, 2, 3])],
    ['<BA />', new Uint8Array(0)],
    ['<DT>2026-03-01T12:00:00.1234567Z</DT>', { kind: 'date', date: new Date('2026-03-01T12:00:00.123Z'), raw: '2026-03-01T12:00:00.1234567Z' }],
    ['<DT>2026-03-01T12:00:00.1234567+02:00</DT>', { kind: 'date', date: new Date('2026-03-01T10:00:00.123Z'), raw: '2026-03-01T12:00:00.1234567+02:00' }],
    ['<DT>2026-03-01T12:00:00</DT>', { kind: 'date', date: new Date('2026-03-01T12:00:00Z'), raw: '2026-03-01T12:00:00' }],
    ['<Obj RefId="0"><LST><I32>1</I32><Nil /></LST></Obj>', [1, null]],
    ['<Obj RefId="0"><TN RefId="0"><T>System.Object[]</T></TN><LST /></Obj>', []],
    ['<Obj RefId="0"><QUE><I32>1</I32></QUE></Obj>', [1]],
    ['<Obj RefId="0"><STK><I32>1</I32></STK></Obj>', [1]],
    ['<Obj RefId="0"><IE><I32>1</I32></IE></Obj>', [1]],
    ['<Obj RefId="0"><DCT /></Obj>', new Map()],
    ['<Obj RefId="0"><DCT><En><I32 N="Key">1</I32><S N="Value">a</S></En><En><S N="Value">b</S><S N="Key">1</S></En></DCT></Obj>', new Map<PSValue, PSValue>([[1, 'a'], ['1', 'b']])],
    ['<Obj RefId="0"><DCT><En><B N="Key">true</B><Nil N="Value" /></En></DCT></Obj>', new Map<PSValue, PSValue>([[true, null]])],
  ];
  for (const [xml, expected] of table) {
    it(`reads ${xml}`, () => {
      assert.deepEqual(value(xml), expected);
    });
  }

  it('reads an enum with its text and number', () => {
    const found = object('<Obj RefId="0"><TN RefId="0"><T>System.DayOfWeek</T><T>System.Enum</T></TN><ToString>Friday</ToString><I32>5</I32></Obj>');
    assert.equal(found.toStringValue, 'Friday');
    assert.equal(found.value, 5);
    assert.deepEqual(found.typeNames, ['System.DayOfWeek', 'System.Enum']);
  });

  it('reads the parts of an object in any order', () => {
    const parts = ['<TN RefId="0"><T>T</T></TN>', '<ToString>t</ToString>', '<Props><I32 N="p">1</I32><I32 N="both">2</I32></Props>', '<MS><I32 N="m">3</I32><I32 N="both">4</I32></MS>', '<I32>9</I32>'];
    fc.assert(fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (order) => {
      const found = object(`<Obj RefId="0">${order.join('')}</Obj>`);
      assert.deepEqual({ ...found, properties: { ...found.properties } }, { kind: 'object', typeNames: ['T'], toStringValue: 't', value: 9, properties: { p: 1, both: 4, m: 3 } });
    }));
  });

  it('keeps a list together with its own properties', () => {
    const found = object('<Obj RefId="0"><LST><I32>1</I32></LST><MS><S N="note">n</S></MS></Obj>');
    assert.deepEqual(found.value, [1]);
    assert.equal(found.properties['note'], 'n');
  });

  it('takes names that JavaScript objects have as ordinary ones', () => {
    const found = object('<Obj RefId="0"><MS><I32 N="__proto__">1</I32><S N="constructor">c</S><Nil N="toString" /></MS></Obj>');
    assert.deepEqual(Object.keys(found.properties), ['__proto__', 'constructor', 'toString']);
    assert.equal('hasOwnProperty' in found.properties, false);
    assert.equal(property(found, 'valueOf'), undefined);
    assert.equal(({} as Record<string, unknown>)['c'], undefined);
  });

  it('finds a property whatever its letter case', () => {
    assert.equal(property(object('<Obj RefId="0"><MS><I32 N="StartName">1</I32></MS></Obj>'), 'startname'), 1);
  });

  it('follows references: shared objects, cycles, duplicate ids, type names', () => {
    const shared = value('<Obj RefId="0"><LST><Obj RefId="1"><TN RefId="0"><T>A</T></TN><MS><I32 N="x">1</I32></MS></Obj><Ref RefId="1" /><Obj RefId="2"><TNRef RefId="0" /></Obj></LST></Obj>') as readonly PSObject[];
    assert.equal(shared[0], shared[1]);
    assert.deepEqual(shared[2]?.typeNames, ['A']);
    const cycle = object('<Obj RefId="7"><MS><Ref N="me" RefId="7" /></MS></Obj>');
    assert.equal(cycle.properties['me'], cycle);
    const list = value('<Obj RefId="3"><LST><Ref RefId="3" /></LST></Obj>') as readonly PSValue[];
    assert.equal(list[0], list);
    const twice = value('<Obj RefId="0"><LST><Obj RefId="5"><MS><I32 N="x">1</I32></MS></Obj><Obj RefId="5"><MS><I32 N="x">2</I32></MS></Obj><Ref RefId="5"/></LST></Obj>') as readonly PSObject[];
    assert.equal(twice[2]?.properties['x'], 2);
  });

  it('keeps reference numbers to their document', () => {
    value('<Obj RefId="31"><TN RefId="31"><T>Earlier</T></TN></Obj>');
    assert.throws(() => value('<Ref RefId="31" />'), ClixmlError);
    assert.throws(() => value('<Obj RefId="0"><TNRef RefId="31" /></Obj>'), ClixmlError);
  });

  it('leaves a secure string sealed until somebody asks', () => {
    const opened: string[] = [];
    const found = decode('<SS>abcd</SS>', (base64) => {
      opened.push(base64);
      return 'plain';
    }) as PlainSecret;
    assert.deepEqual(opened, []);
    assert.equal(`${found.toString()}${JSON.stringify(found)}`, '[secure string]"[secure string]"');
    assert.equal(found.reveal(), 'plain');
    assert.deepEqual(opened, ['abcd']);
  });

  it('reads a document with its streams', () => {
    const xml = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S S="Error">a_x000D__x000A_</S><S S="warning">b</S></Objs>';
    assert.deepEqual(decodeDocument(xml), [{ stream: 'Error', value: 'a\r\n' }, { stream: 'warning', value: 'b' }]);
    assert.deepEqual(decodeDocument('<Objs />'), []);
    const progress = '<Objs><Obj S="progress" RefId="0"><MS><PR N="Record"><AV>Preparing</AV><AI>0</AI><Nil /></PR></MS></Obj></Objs>';
    assert.equal(decodeDocument(progress).length, 1);
  });
});

describe('CLIXML that is refused', () => {
  const bomb = (depth: number): string => Array.from({ length: depth }, (_, i) => `<Obj N="x" RefId="${i}"><MS>`).join('') + '</MS></Obj>'.repeat(depth);
  const table: readonly (readonly [name: string, xml: string])[] = [
    ['nothing', ''],
    ['only white space', ' \n'],
    ['text', 'hello'],
    ['an unknown tag', '<Nope>1</Nope>'],
    ['an unknown long tag', '<AVeryLongTagName>1</AVeryLongTagName>'],
    ['two values', '<S>a</S><S>b</S>'],
    ['text after the value', '<S>a</S>b'],
    ['no end', '<S>a'],
    ['another end', '<S>a</B>'],
    ['a longer end', '<S>a</SB>'],
    ['an element inside a simple value', '<S>a<B>true</B></S>'],
    ['a declaration', '<?xml version="1.0"?><S>a</S>'],
    ['a document type', '<!DOCTYPE x [<!ENTITY e "y">]><S>&e;</S>'],
    ['a comment', '<!-- x --><S>a</S>'],
    ['CDATA', '<S><![CDATA[x]]></S>'],
    ['a named entity', '<S>&nbsp;</S>'],
    ['an entity named like an inherited property', '<S>&constructor;</S>'],
    ['an ampersand alone', '<S>a & b</S>'],
    ['a reference out of range', '<S>&#x110000;</S>'],
    ['a reference without digits', '<S>&#;</S>'],
    ['an endless reference', `<S>&#${'1'.repeat(1000)};</S>`],
    ['an integer that is none', '<I32>1.5</I32>'],
    ['an empty integer', '<I32></I32>'],
    ['an empty integer element', '<I32 />'],
    ['an integer out of range', '<I32>2147483648</I32>'],
    ['a byte out of range', '<By>256</By>'],
    ['a negative unsigned', '<U64>-1</U64>'],
    ['a long out of range', '<I64>9223372036854775808</I64>'],
    ['an endless long', `<I64>${'9'.repeat(100_000)}</I64>`],
    ['hexadecimal', '<I32>0x10</I32>'],
    ['a boolean that is none', '<B>yes</B>'],
    ['a double that is none', '<Db>1,5</Db>'],
    ['a decimal that is none', '<D>x</D>'],
    ['a date that is none', '<DT>yesterday</DT>'],
    ['a date out of range', '<DT>2026-13-40T99:00:00Z</DT>'],
    ['bytes that are not base64', '<BA>***</BA>'],
    ['a reference to nothing', '<Ref RefId="1" />'],
    ['a reference without an id', '<Ref />'],
    ['a RefId that is no number', '<Obj RefId="x" />'],
    ['a property without a name', '<Obj RefId="0"><MS><S>a</S></MS></Obj>'],
    ['a list that ends as another', '<Obj RefId="0"><LST></IE></Obj>'],
    ['an object without an end', '<Obj RefId="0"><MS><S N="a">b</S></MS>'],
    ['properties without an end', '<Obj RefId="0"><MS><S N="a">b</S>'],
    ['an entry without a value', '<Obj RefId="0"><DCT><En><S N="Key">a</S></En></DCT></Obj>'],
    ['an entry without a key', '<Obj RefId="0"><DCT><En><S N="Value">a</S></En></DCT></Obj>'],
    ['an entry of something else', '<Obj RefId="0"><DCT><S N="Key">a</S></DCT></Obj>'],
    ['a tag without an end', '<S'],
    ['an attribute without a quote', '<S N=a>b</S>'],
    ['an attribute without an end', '<S N="a'],
    ['a tag in an attribute', '<S N="a<b">c</S>'],
    ['51 levels', bomb(51)],
    ['a million levels', '<Obj><LST>'.repeat(1_000_000)],
  ];
  for (const [name, xml] of table) {
    it(name, () => {
      assert.throws(() => value(xml), ClixmlError);
    });
  }

  it('but not 50 levels', () => {
    assert.equal(object(bomb(50)).kind, 'object');
  });

  it('quotes only a little of what it refuses', () => {
    assert.throws(() => value(`<S>${'x'.repeat(100_000)}</B>`), (error: ClixmlError) => error.excerpt.length <= 80 && error.position > 0);
  });

  it('however early it ends, and never by waiting for more of it', () => {
    const written = encode([sampleObject(), 1n, new Map<PSValue, PSValue>([['a', [1, 'x']]]), 'text & more_x']);
    const byServers = '<Obj RefId="0"><TN RefId="0"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><ToString>a</ToString><LST><I32>3</I32></LST><Props><S N="a">b</S></Props><MS><Obj N="p" RefId="1"><TNRef RefId="0" /><DCT><En><S N="Key">k</S><Nil N="Value" /></En></DCT></Obj></MS></Obj>';
    for (const whole of [written, byServers]) {
      decode(whole);
      for (let length = 0; length < whole.length; length++) assert.throws(() => decode(whole.slice(0, length)), ClixmlError, whole.slice(Math.max(0, length - 40), length));
    }
  });

  it('never anything but a ClixmlError, however a document is broken', () => {
    const whole = encode([sampleObject(), 1n, psDate(new Date(0)), new Map<PSValue, PSValue>([['a', [1, 'x']]]), new Uint8Array(9), 'text & more_x']);
    fc.assert(fc.property(fc.nat(whole.length), fc.nat(20), fc.string({ maxLength: 4 }), (at, cut, put) => {
      try {
        decode(whole.slice(0, at) + put + whole.slice(at + cut));
      } catch (error) {
        assert.ok(error instanceof ClixmlError, String(error));
      }
    }), cases(3000));
  });
});

function sampleObject(): PSObject {
  return psObject(['System.Management.Automation.PSCustomObject', 'System.Object'], { Name: 'a', Size: 5, 'odd <name>&"_x0041_': null }, { text: 'shown' });
}

describe('CLIXML written', () => {
  it('gives numbers the type that fits', () => {
    assert.equal(encode(5), '<I32>5</I32>');
    assert.equal(encode(2147483648), '<Db>2147483648</Db>');
    assert.equal(encode(-0), '<Db>-0</Db>');
    assert.equal(encode(Number.NaN), '<Db>NaN</Db>');
    assert.equal(encode(5n), '<I64>5</I64>');
    assert.equal(encode(18446744073709551615n), '<U64>18446744073709551615</U64>');
  });

  it('seals secrets and never writes them plain', () => {
    const xml = encode(psObject([], { p: new PlainSecret('hunter2') }), () => 'c2VhbGVk');
    assert.ok(xml.includes('<SS N="p">c2VhbGVk</SS>') && !xml.includes('hunter2'));
    assert.throws(() => encode(new PlainSecret('hunter2')), (error: Error) => !error.message.includes('hunter2'));
  });

  it('refuses what has no form on the wire', () => {
    assert.throws(() => encode(18446744073709551616n), ClixmlError);
    assert.throws(() => encode(undefined as unknown as PSValue), ClixmlError);
    assert.throws(() => encode({} as PSValue), ClixmlError);
    const loop: PSValue[] = [];
    loop.push(loop);
    assert.throws(() => encode(loop), ClixmlError);
  });

  it('comes back the same, whatever the value', () => {
    const { value: any } = fc.letrec<{ value: PSValue; object: PSValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant(null), fc.boolean(), fc.string({ unit: 'binary' }), fc.double(), fc.integer(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.uint8Array({ maxLength: 40 }),
        fc.date({ noInvalidDate: true, min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') }).map(psDate),
        fc.bigInt({ min: -(2n ** 95n), max: 2n ** 95n }).map((n) => psDecimal(n.toString())),
        fc.string({ unit: 'binary' }).map((t) => psTyped('Uri', t)), fc.string({ unit: 'binary' }).map((t) => psTyped('ScriptBlock', t)),
        fc.integer({ min: 0, max: 0xffff }).map((c) => psTyped('Char', String.fromCharCode(c))),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.array(fc.tuple(fc.oneof(fc.string(), fc.integer(), fc.bigInt({ min: 0n, max: 9n }), fc.boolean()), tie('value')), { maxLength: 5 }).map((entries) => new Map<PSValue, PSValue>(entries)),
        tie('object'),
      ),
      object: fc.tuple(
        fc.array(fc.string(), { maxLength: 3 }), fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 5 }), fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      ).map(([types, properties, text]) => psObject(types, properties, text === undefined ? {} : { text })),
    }));
    fc.assert(fc.property(any, (original) => {
      assert.deepEqual(decode(encode(original)), original);
    }), cases(1000));
  });
});

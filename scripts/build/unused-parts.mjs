// What libraries bring and the product never runs, or has for less elsewhere, replaced by the little that is left of it: the package has
// room for other things.
import { sep } from 'node:path';

/** A part that fails if it ever runs: better than half of it. */
const absent = (name) => `module.exports = { ${name}: class { constructor() { throw new Error('${name} is not part of this build.'); } } };`;

/** What is replaced, by how it is asked for; `from` is the package that asks. */
const parts = [
  // A client that never opens an SFTP channel. The lab's server offers none either.
  { path: /\/SFTP\.js$/, from: 'ssh2', contents: absent('SFTP') },
  // Poly1305 in WebAssembly, brought along as 22 KB of text and started with every load; the editor's own Node has no ChaCha20 to go with it.
  {
    path: /\/poly1305\.js$/, from: 'ssh2',
    contents: `const { poly1305 } = require('@noble/ciphers/_poly1305.js');
      const HEAPU8 = new Uint8Array(16);
      const authenticate = (out, length, lengthBytes, packet, packetBytes, key) => { HEAPU8.set(poly1305.create(key).update(length.subarray(0, lengthBytes)).update(packet.subarray(0, packetBytes)).digest()); };
      module.exports = async () => ({ HEAPU8, _malloc: () => 0, cwrap: () => authenticate });`,
  },
  // All that bcrypt-pbkdf (keys with a passphrase) wants of a whole signature library is SHA-512, which Node has.
  {
    path: /^tweetnacl$/, from: 'bcrypt-pbkdf',
    contents: "const { createHash } = require('node:crypto'); exports.lowlevel = { crypto_hash: (out, bytes, length) => { out.set(createHash('sha512').update(bytes.subarray(0, length)).digest()); } };",
  },
  // It compares the editor's version with the one it needs; `engines.vscode` in package.json says the same, and the editor holds it.
  { path: /^semver\/functions\/parse$/, from: 'vscode-languageclient', contents: 'module.exports = (version) => ({ version, prerelease: [] });' },
  { path: /^semver\/functions\/satisfies$/, from: 'vscode-languageclient', contents: 'module.exports = () => true;' },
  // What a language server can offer and ours doesn't: the client asks each for nothing but to take part in the handshake.
  {
    path: /^\.\/(notebook|diagnostic|fileOperations|callHierarchy|typeHierarchy|inlayHint|inlineValue|inlineCompletion|colorProvider|linkedEditingRange|signatureHelp|documentLink|documentHighlight|selectionRange|textDocumentContent|typeDefinition|implementation|declaration|workspaceSymbol)$/,
    from: 'vscode-languageclient',
    contents: "class Absent { fillClientCapabilities() {} initialize() {} clear() {} getState() { return { kind: 'static' }; } } module.exports = new Proxy({}, { get: (_, name) => /Feature$/.test(String(name)) ? Absent : undefined });",
  },
  // Finding other npm packages, and notebooks: nothing that the language server does.
  { path: /^\.\/files$/, from: 'vscode-languageserver', contents: 'module.exports = {};' },
  // For file operations and for selectors with patterns: the language server asks for none of the former, the client has none of the latter.
  { path: /^minimatch$/, from: 'vscode-languageclient', contents: absent('Minimatch') },
];

/** Replaces them in every bundle, tests included: what is tested is what ships. */
export const unusedParts = {
  name: 'unused parts',
  setup(build) {
    for (const [index, { path, from, contents }] of parts.entries()) {
      build.onResolve({ filter: path }, ({ importer }) => importer.includes(`${sep}node_modules${sep}${from}${sep}`) ? { path: `${from}-${index}`, namespace: 'unused-part' } : undefined);
      build.onLoad({ filter: new RegExp(`^${from}-${index}$`), namespace: 'unused-part' }, () => ({ contents, loader: 'js', resolveDir: import.meta.dirname }));
    }
  },
};

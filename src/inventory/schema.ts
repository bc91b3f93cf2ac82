import { defaultsKeyNames, hostPattern, linePattern, longestPath, pathPattern, serverKeyNames, serverKeys, type KeyRule, type ServerKey } from './keys.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The JSON schema of the servers file, version 1, made from the table of keys: what editors complete and check.
 * media/servers-file.schema.json holds its text.
 */
export function serversFileSchema(): Json {
  const servers = { description: 'Connect servers.', type: ['array', 'null'], items: { $ref: '#/definitions/server' } };
  const defaults = { $ref: '#/definitions/defaults' };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Entra Connect servers file',
    type: 'object',
    properties: {
      version: { description: 'Version of this format.', const: 1 },
      defaults,
      groups: {
        description: 'Groups of servers, as the tree shows them.',
        type: ['array', 'null'],
        items: { type: 'object', properties: { name: propertyOf('name', 'The group\'s name.'), defaults, servers }, required: ['name'], additionalProperties: false },
      },
      servers,
    },
    patternProperties: { '^x-': { $ref: '#/definitions/template' } },
    required: ['version'],
    additionalProperties: false,
    definitions: {
      template: { description: 'Values to copy by anchor and merge key (<<: *name); no server by itself.', type: 'object', properties: properties(serverKeyNames), additionalProperties: false },
      defaults: { description: 'What servers inherit that do not say it themselves.', type: ['object', 'null'], properties: properties(defaultsKeyNames), additionalProperties: false },
      // host and transport may come from defaults or not be needed, which only the parser can tell.
      server: { type: 'object', properties: properties(serverKeyNames), required: ['name'], additionalProperties: false },
    },
  };
}

function properties(names: readonly ServerKey[]): Record<string, Json> {
  return Object.fromEntries(names.map((name) => [name, propertyOf(name)]));
}

function propertyOf(name: ServerKey, description: string = serverKeys[name].description): Json {
  const rule: KeyRule['value'] = serverKeys[name].value;
  switch (rule.kind) {
    case 'text': return { description, type: 'string', maxLength: rule.longest, ...(rule.lines === true ? {} : { pattern: linePattern }) };
    case 'host': return { description, type: 'string', pattern: hostPattern };
    case 'path': return { description, type: 'string', maxLength: longestPath, pattern: pathPattern };
    case 'port': return { description, type: 'integer', minimum: 1, maximum: 65535 };
    case 'choice': return { description, enum: rule.choices };
  }
}

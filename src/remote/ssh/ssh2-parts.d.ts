declare module 'ssh2/lib/agent.js' {
  export { BaseAgent, createAgent } from 'ssh2';
}

declare module 'ssh2/lib/client.js' {
  export { Client as default } from 'ssh2';
}

declare module 'ssh2/lib/protocol/keyParser.js' {
  import type { utils } from 'ssh2';
  export const parseKey: typeof utils.parseKey;
}

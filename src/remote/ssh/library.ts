import { BaseAgent, createAgent } from 'ssh2/lib/agent.js';
import Client from 'ssh2/lib/client.js';
import { parseKey } from 'ssh2/lib/protocol/keyParser.js';

/** The parts of ssh2 that a client needs: its entry brings a server, too. Only ever imported at run time, since nothing starts with it. */
export const library = { BaseAgent, Client, createAgent, parseKey };

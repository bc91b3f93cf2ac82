import { defaultPreset, presets } from '../events/presets.ts';

const common = `  --servers FILE     the servers file; else ENTRA_CONNECT_SERVERS, else the only *.connect.yaml here
  --json             one line of JSON on standard output, everything else on standard error
`;

/** What each command answers to --help. */
export const commandHelp = {
  diagnose: `entra-connect diagnose [SERVER...]   reads servers and says what is wrong with each; changes nothing
  --group NAME       only the servers of one group
  --parallel N       servers at the same time, 1 to 32; 8 where nothing is said
${common}`,
  events: `entra-connect events SERVER   prints its Windows events, log after log, newest first; changes nothing
  --log NAME         a log; may be repeated. Without it, --preset
  --preset ID        ${Object.keys(presets).join(', ')}; ${defaultPreset} where nothing is said
  --since WHEN       45m, 2h, 3d by this machine's clock, or a time such as 2026-05-04T08:00:00Z; --until the same
  --id N,N           event ids; --level LEVEL,LEVEL critical, error, warning, information, verbose, always (audits)
  --provider NAME    may be repeated; --text TEXT only events that hold it, whatever the case; looked for here, not on the server
  --limit N          most events of each log
  --follow           goes on with what is written from now on, until Ctrl+C; with --since also what was before
  --support FILE     instead: a new .zip for whoever helps, with events, Connect's trace logs, what a diagnosis finds and journals of
                     runs, without what looks like a secret
  --servers FILE     the servers file; else ENTRA_CONNECT_SERVERS, else the only *.connect.yaml here
  --json, --csv      a line of JSON for each event; CSV that no spreadsheet takes for formulas
`,
  plan: `entra-connect plan SERVER   diagnoses one server and shows the plans that its findings call for; changes nothing
  --plan ID          this plan, whether or not a finding calls for it
  --connector NAME   the connector of a plan that is about one
  --approve          asks at the terminal for the server's own name and prints a single-use token for this plan on this server now
  --minutes N        how long the token lasts, 5 to 1440; 60 where nothing is said
${common}`,
  run: `entra-connect run SERVER   executes a plan, or one step of it, on one server
  --plan ID          the plan; at a terminal the recommended one where nothing is said
  --step ID          one single step instead; --connector NAME where it is about one
  --confirm NAME     without a terminal: the name that the server reports, to confirm what can be undone
  --approval FILE    the token of "plan --approve" for what cannot be undone; - for standard input; else ENTRA_CONNECT_APPROVAL
  --answer ID=VALUE  the answer to a question, for instance password-change-kind=change; may be repeated
  --wait MINUTES     without a terminal: how long a person's part is waited for, 0 to 1440; 30 where nothing is said
  --ticket NUMBER    the change or incident that the run belongs to, for its record
  --resume [RUN]     goes on with an interrupted run: this one, or the newest that the server remembers
  --take-over        at a terminal: asks whether to take the server over from another run that holds it
  --ad-ds WAY        how AD DS Connector passwords are entered: guided (in Synchronization Service Manager), object-model
                     (unsupported) or enterprise-admin (gives the connector another account); guided where nothing is said
${common}`,
  report: `entra-connect report [RUN]   the change record of a run, in Markdown; without a run, the list of them
  --server NAME      only runs of this server; with it and without RUN, --last takes the newest
  --last             the newest run
  --ticket NUMBER    the change or incident, where the run did not name it
  --output FILE      writes to a new file instead of standard output
  --json             JSON instead of Markdown
`,
  runbook: `entra-connect runbook [SERVER] --plan ID   the plan as a numbered document for a server where remoting is forbidden
With SERVER it is made from a snapshot of it, else from what you say:
  --computer-name N  the server's name          --build N            the build, four numbers
  --service-account  the log-on account         --connector NAME     an AD connector; may be repeated
  --entra-account    the Entra Connector account --authentication    password or application
  --database WHERE   local, or the SQL server   --path FOLDER        the installation folder
  --finding ID       what was found, for the plan manual
  --ticket NUMBER    --output FILE
${common}`,
} as const;

export type CommandName = keyof typeof commandHelp;

/** What `entra-connect --help` says. */
export const overview = `entra-connect COMMAND ...   finds out why Microsoft Entra Connect stopped synchronizing, and repairs it one checked step at a time

  diagnose [SERVER...]   what is wrong with each server
  events SERVER          its Windows events, past and to come
  plan SERVER            the plans that it calls for; --approve gives a single-use token
  run SERVER             executes a plan
  report [RUN]           the change record of a run
  runbook [SERVER]       the same plan as a document, for a server where remoting is forbidden

COMMAND --help tells its options. Exit codes: 0 done, 1 failed, 2 wrong call, 3 something needs doing, 4 not reached,
5 refused, 6 outcome unknown, 7 declined, 130 interrupted.
`;

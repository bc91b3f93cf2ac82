/** What a repair goes through, in order; named by what the server's own events prove. */
export const repairPhases = ['before', 'stopped', 'abandoned', 'started', 're-entered', 'verified'] as const;
export type RepairPhase = (typeof repairPhases)[number];

/** An event that can begin a phase. */
export interface PhaseEvent {
  readonly time: number;
  readonly provider: string;
  readonly id: number;
}

/** The instant (UTC milliseconds by the server's clock) from which a phase lasts. */
export interface PhaseStart {
  readonly phase: RepairPhase;
  readonly from: number;
}

/** Event ids that can begin a phase: what has to be read to tell phases apart. */
export const phaseEventIds: readonly number[] = [1, 2001, 2002, 6201, 6603, 2518, 2519, 904];

/**
 * The phases of the last repair of one server, by its events in any order: the key was abandoned (MIISKMU 1), which a stop of the service came
 * before and a start after it; then secrets were entered anew, and a synchronization ran to its end. Empty: nothing was abandoned on record.
 */
export function phasesOf(events: readonly PhaseEvent[]): readonly PhaseStart[] {
  const inOrder = [...events].sort((a, b) => a.time - b.time);
  const abandoned = inOrder.findLast((event) => event.provider === 'MIISKMU' && event.id === 1);
  if (abandoned === undefined) return [];
  const starts: PhaseStart[] = [{ phase: 'before', from: -Infinity }];
  const stopped = inOrder.findLast((event) => event.time <= abandoned.time && isEngine(event, 2002));
  if (stopped !== undefined) starts.push({ phase: 'stopped', from: stopped.time });
  starts.push({ phase: 'abandoned', from: abandoned.time });
  const after = (phase: RepairPhase, fits: (event: PhaseEvent) => boolean): void => {
    const since = starts.at(-1)?.from ?? -Infinity;
    const event = inOrder.find((one) => one.time >= since && one.time > abandoned.time && fits(one));
    if (event !== undefined) starts.push({ phase, from: event.time });
  };
  after('started', (event) => isEngine(event, 6201) || isEngine(event, 2001));
  after('re-entered', (event) => isEngine(event, 6603) || (event.provider === 'Directory Synchronization' && (event.id === 2518 || event.id === 2519)));
  after('verified', (event) => event.provider === 'Directory Synchronization' && event.id === 904);
  return starts;
}

/** The phase of an instant; undefined where no repair is on record. */
export function phaseAt(time: number, phases: readonly PhaseStart[]): RepairPhase | undefined {
  return phases.findLast((phase) => phase.from <= time)?.phase;
}

function isEngine(event: PhaseEvent, id: number): boolean {
  return event.provider === 'ADSync' && event.id === id;
}

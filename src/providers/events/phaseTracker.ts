import { phaseAt, phaseEventIds, phasesOf, type PhaseEvent, type PhaseStart, type RepairPhase } from '../../connect/repair-phases.ts';
import type { EventRow } from '../../events/event-batch.ts';
import type { EventStore } from '../../events/event-store.ts';

const wanted = new Set(phaseEventIds);

/** The phases of the last repair of each server, kept up as events are added to a store. */
export class PhaseTracker {
  readonly #store: EventStore;
  readonly #events = new Map<string, PhaseEvent[]>();
  readonly #phases = new Map<string, readonly PhaseStart[]>();
  #seen = 0;
  #clearings = 0;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** The phase that an event belongs to; undefined where its server has no repair on record. */
  phaseOf(row: EventRow): RepairPhase | undefined {
    this.#update();
    return phaseAt(row.time, this.#phases.get(row.server) ?? []);
  }

  #update(): void {
    const store = this.#store;
    if (store.clearings !== this.#clearings) {
      this.#clearings = store.clearings;
      this.#seen = 0;
      this.#events.clear();
      this.#phases.clear();
    }
    const changed = new Set<string>();
    for (; this.#seen < store.size; this.#seen++) {
      if (!wanted.has(store.id.at(this.#seen))) continue;
      const row = store.row(this.#seen);
      const events = this.#events.get(row.server);
      if (events === undefined) this.#events.set(row.server, [row]);
      else events.push(row);
      changed.add(row.server);
    }
    for (const server of changed) this.#phases.set(server, phasesOf(this.#events.get(server) ?? []));
  }
}

type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

const firstCapacity = 1024;

/** A typed array that doubles when it is full. `values` is replaced then: take it anew after each append. */
export class Column<T extends Numbers> {
  values: T;
  length = 0;
  readonly #make: (capacity: number) => T;

  constructor(make: (capacity: number) => T) {
    this.#make = make;
    this.values = make(firstCapacity);
  }

  push(value: number): void {
    if (this.length === this.values.length) this.#grow();
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  /** Keeps the values at these positions, in this order; they ascend. */
  keep(positions: Uint32Array): void {
    for (let at = 0; at < positions.length; at++) this.values[at] = this.values[positions[at] ?? 0] ?? 0;
    this.length = positions.length;
  }

  #grow(): void {
    const wider = this.#make(this.values.length * 2);
    wider.set(this.values);
    this.values = wider;
  }
}

export const float64 = (): Column<Float64Array> => new Column((capacity) => new Float64Array(capacity));
export const int32 = (): Column<Int32Array> => new Column((capacity) => new Int32Array(capacity));
export const uint32 = (): Column<Uint32Array> => new Column((capacity) => new Uint32Array(capacity));
export const uint8 = (): Column<Uint8Array> => new Column((capacity) => new Uint8Array(capacity));

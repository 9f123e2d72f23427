/** What stands for every name beyond the most that are told apart. */
export const others = 'other'

/** Cells by name; beyond `most` names everything new shares one, so that nobody fills the memory by inventing names. */
export class Bounded<T> {
  readonly #cells = new Map<string, T>()

  constructor(
    private readonly make: () => T,
    private readonly most: number,
  ) {}

  of(name: string): T {
    return this.#cells.get(name) ?? this.#add(name)
  }

  entries = (): [string, T][] => [...this.#cells]

  #add(name: string): T {
    const key = this.#cells.size < this.most ? name : others
    const cell = this.#cells.get(key) ?? this.make()
    this.#cells.set(key, cell)
    return cell
  }
}

/** Counts by name. */
export class Counts {
  readonly #cells: Bounded<{ n: number }>

  constructor(most: number) {
    this.#cells = new Bounded(() => ({ n: 0 }), most)
  }

  add(name: string): void {
    this.#cells.of(name).n += 1
  }

  samples = (label: string) => this.#cells.entries().map(([name, { n }]) => ({ labels: { [label]: name }, value: n }))
}

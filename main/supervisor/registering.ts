import type { ServerName } from '../../shared/domain/ids.ts'
import { OneByOne } from '../../shared/domain/one-by-one.ts'
import { GatehouseError } from '../../shared/errors.ts'
import type { AdministrationParts } from './administration.ts'

type RegisteringParts = Pick<AdministrationParts, 'store' | 'supervisor' | 'cells'>

export interface Accepts {
  /** What it offers is not held back until it was reviewed. */
  readonly pins: boolean
  /** What was found in its code. */
  readonly findings?: boolean | undefined
  /** Of its code, as it was shown. */
  readonly checksum?: string
}

/** Starts servers once and lists them, as one of the steps by which their cells are registered; of each server one at a time. */
export class Registering {
  readonly #line = new OneByOne<ServerName>()
  readonly #refused = new Map<ServerName, GatehouseError>()

  /** @param announce tells how a server stands now */
  constructor(
    private readonly parts: RegisteringParts,
    private readonly announce: (name: ServerName) => void,
  ) {}

  /** Why it was not registered, when it was tried last. */
  refusalOf = (name: ServerName): GatehouseError | undefined => this.#refused.get(name)
  forget = (name: ServerName): void => void this.#refused.delete(name)

  /** @throws cell.failed, cell.grave, server.failed, secrets.missing */
  register = (name: ServerName, accepts: Accepts): Promise<void> =>
    this.#line.run(name, () => this.#register(name, accepts))

  /**
   * Ends what runs; a server that waits to be registered takes its steps then, what it offers left to be reviewed.
   * @returns whether it was registered by this
   * @throws as `register`
   */
  endRunning = (name: ServerName): Promise<boolean> =>
    this.#line.run(name, async () => {
      await this.parts.supervisor.restart(name)
      if (!this.parts.store.need(name).enabled || !this.#waits(name)) return false
      await this.#register(name, { pins: false })
      this.announce(name)
      return true
    })

  #waits(name: ServerName): boolean {
    const server = this.parts.store.get(name) // removed meanwhile, it waits for nothing
    return server !== undefined && this.parts.cells?.stateOf(server).status === 'pending'
  }

  async #register(name: ServerName, { pins, findings = false, checksum }: Accepts): Promise<void> {
    const tryOut = () => this.parts.supervisor.list(name, pins)
    const options = { acceptFindings: findings, ...(checksum === undefined ? {} : { checksum }) }
    this.#refused.delete(name)
    try {
      await (this.parts.cells?.register(name, tryOut, options) ?? tryOut())
    } catch (error) {
      if (isRefusal(error) && this.#waits(name)) this.#refused.set(name, error)
      this.announce(name) // why shows on its card
      throw error
    }
  }
}

/** Its code, or what it did when it was tried, is why it is not registered. */
export const isRefusal = (error: unknown): error is GatehouseError =>
  error instanceof GatehouseError && (error.code === 'cell.failed' || error.code === 'cell.grave')

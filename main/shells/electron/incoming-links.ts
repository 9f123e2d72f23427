import { app } from 'electron'
import { linkIn, routeOfLink } from './deep-links.ts'

type Open = (route?: string) => void

/**
 * `gatehouse://` links from wherever the system hands them in: this start's arguments, a second start, macOS' own event,
 * which comes before anything else does. A link opens a screen, never more.
 */
export class IncomingLinks {
  #first: string | undefined = routeOfLink(linkIn(process.argv) ?? '')
  #open: Open = (route) => {
    this.#first = route
  }

  /** Must be made before the app is ready. */
  constructor() {
    app.on('open-url', (event, link) => {
      event.preventDefault()
      this.#follow(link)
    })
    app.on('second-instance', (_event, argv) => this.#follow(linkIn(argv)))
  }

  /** A second start without a link brings the window forward; a link to nothing opens nothing. */
  #follow(link: string | undefined): void {
    const route = link === undefined ? undefined : routeOfLink(link)
    if (link === undefined || route !== undefined) this.#open(route)
  }

  /** From now on links go to `open`. @returns the route of one that came earlier */
  open(open: Open): string | undefined {
    this.#open = open
    return this.#first
  }
}

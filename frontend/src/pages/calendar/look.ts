/** How one looks at the calendar: what the address holds besides the day, and what a saved view keeps. */
import type { AppointmentOut } from '@/api/generated'
import { ZOOMS } from './grid/grid'

export const VIEWS = ['day', 'week', 'month', 'list'] as const
export const COLUMNS = ['doctor', 'chair', 'branch'] as const

export type View = (typeof VIEWS)[number]
export type By = (typeof COLUMNS)[number]

/** All of it is text, as in the address; what is usual is left out. */
export interface Look {
  view?: View
  by?: By
  /** Ids, with commas. */
  branches?: string
  doctor?: string
  speciality?: string
  /** With commas. */
  status?: string
  services?: string
  /** `only`: those that are not sought are hidden instead of dimmed. */
  only?: '1'
  zoom?: string
}

const ID = /^[\w-]{1,64}$/
const LIST = /^[\w,-]{1,400}$/
const TEXT = /^.{1,80}$/

const SHAPES: Record<keyof Look, (text: string) => boolean> = {
  view: (text) => text !== 'day' && VIEWS.includes(text as View),
  by: (text) => text !== 'doctor' && COLUMNS.includes(text as By),
  branches: (text) => LIST.test(text),
  doctor: (text) => ID.test(text),
  speciality: (text) => TEXT.test(text),
  status: (text) => LIST.test(text),
  services: (text) => TEXT.test(text),
  only: (text) => text === '1',
  zoom: (text) => text !== '1' && /^\d$/.test(text) && Number(text) < ZOOMS.length,
}

/** What of these words is a look; anything else is dropped. */
export function lookOf(words: Record<string, unknown>): Look {
  const known = Object.entries(SHAPES).filter(([name, isGood]) => {
    const value = words[name]
    return typeof value === 'string' && isGood(value)
  })
  return Object.fromEntries(known.map(([name]) => [name, words[name]])) as Look
}

export const listed = (text?: string): string[] => text?.split(',').filter(Boolean) ?? []

/** Whether anything is filtered. */
export const isFiltered = ({ speciality, status, services }: Look): boolean =>
  Boolean(speciality || status || services)

/** Is this one of those that are looked for? Undefined when all are. */
export function seekerOf({ status, services }: Look): ((item: AppointmentOut) => boolean) | undefined {
  const statuses = new Set(listed(status))
  const text = services?.trim().toLocaleLowerCase() ?? ''
  if (!statuses.size && !text) return undefined
  return (item) =>
    (!statuses.size || statuses.has(item.status)) &&
    (!text || item.services_text.toLocaleLowerCase().includes(text))
}

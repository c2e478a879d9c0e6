/**
 * A visit is written in parts: five sections of the diary, the diagnoses, the works. What two people write in different
 * parts goes together; what they write in one part is for a person to choose.
 */
import type { VisitOut } from '@/api/generated/types.gen'
import { hundredths, type Work } from './works'

export const SECTIONS = ['complaints', 'anamnesis', 'examination', 'conclusion', 'recommendations'] as const
export type Section = (typeof SECTIONS)[number]

export interface Diagnosis {
  icd10: string
  name: string
  tooth: number | null
}

export interface Parts extends Record<Section, string> {
  diagnoses: Diagnosis[]
  works: Work[]
}
export type Part = keyof Parts
export const PARTS = [...SECTIONS, 'diagnoses', 'works'] as const satisfies Part[]

export function partsOf(visit: Pick<VisitOut, 'diary' | 'diagnoses' | 'works'>): Parts {
  const text = Object.fromEntries(SECTIONS.map((name) => [name, visit.diary?.[name] ?? '']))
  return {
    ...(text as Record<Section, string>),
    diagnoses: (visit.diagnoses ?? []).map(({ icd10, name, tooth }) => ({ icd10, name, tooth })),
    works: visit.works.map((work) => ({
      service: work.service,
      name: work.name,
      is_tooth_bound: work.is_tooth_bound,
      tooth: work.tooth,
      quantity: work.quantity,
      price: work.price,
      discount_percent: work.discount_percent,
      employee: work.employee,
      employee_name: work.employee_name,
    })),
  }
}

/** The same content, however it is written: `10` and `10.00` are one discount. */
function essence<Name extends Part>(name: Name, value: Parts[Name]): string {
  if (name === 'works') {
    return (value as Work[])
      .map((work) =>
        [
          work.service,
          work.tooth ?? '',
          work.quantity,
          hundredths(work.price),
          hundredths(work.discount_percent),
          work.employee ?? '',
        ].join(' '),
      )
      .join('\n')
  }
  if (name === 'diagnoses') {
    return (value as Diagnosis[]).map(({ icd10, tooth }) => `${icd10} ${tooth ?? ''}`).join('\n')
  }
  return value as string
}

export function differs(name: Part, one: Parts, other: Parts): boolean {
  return essence(name, one[name]) !== essence(name, other[name])
}

interface Met {
  shown: Parts
  base: Parts
  conflicts: Part[]
}

/** What is typed into the one must not change the other. */
export function begin(news: Parts): Met {
  return { shown: { ...news }, base: { ...news }, conflicts: [] }
}

/**
 * News from the server meets what is on the screen. `base` is what the screen started from. Untouched parts take the
 * news, touched ones stay; a part touched on both sides is a conflict and stays as it is on both.
 */
export function merge(shown: Parts, base: Parts, news: Parts): Met {
  const next = { shown: { ...shown }, base: { ...base } }
  const conflicts: Part[] = []
  for (const name of PARTS) {
    const touched = differs(name, shown, base)
    if (touched && differs(name, news, base) && differs(name, news, shown)) {
      conflicts.push(name)
      continue
    }
    set(next.base, name, news)
    if (!touched || !differs(name, news, shown)) set(next.shown, name, news)
  }
  return { ...next, conflicts }
}

/** Our own writing came back: it is the new base; what was typed meanwhile stays. */
export function accept(
  names: readonly Part[],
  sent: Parts,
  shown: Parts,
  base: Parts,
  answer: Parts,
): { shown: Parts; base: Parts } {
  const next = { shown: { ...shown }, base: { ...base } }
  for (const name of names) {
    set(next.base, name, answer)
    if (!differs(name, shown, sent)) set(next.shown, name, answer)
  }
  return next
}

function set(into: Parts, name: Part, from: Parts): void {
  ;(into as unknown as Record<Part, unknown>)[name] = from[name]
}

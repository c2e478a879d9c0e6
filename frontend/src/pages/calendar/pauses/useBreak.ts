/** Placing, moving and removing breaks, once or by a rule; blocking chairs and rooms. */
import { useQueryCache } from '@pinia/colada'
import {
  type BreakOut,
  type BreakRuleOut,
  breakRulesCreate,
  breakRulesDestroy,
  breakRulesPartialUpdate,
  breaksCreate,
  breaksDestroy,
  breaksPartialUpdate,
} from '@/api/generated'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useForm } from '@/components/useForm'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import { timesOf, USUAL } from '../booking/booking'
import { addDays, clockMinutes, clockText, momentIn, weekday } from '../dates'
import { readPlace } from '../place'

export type Kind = BreakOut['kind']
export const KINDS: Kind[] = ['lunch', 'break', 'meeting', 'other', 'blocked']
export type Of = 'employee' | 'chair' | 'room'
export const OF: Of[] = ['employee', 'chair', 'room']

export interface Values {
  kind: Kind
  of: Of
  employee: string
  chair: string
  room: string
  recurring: boolean
  date: string | null
  clock: string | null
  minutes: number
  wholeDay: boolean
  weekdays: number[]
  valid_from: string | null
  valid_to: string | null
  reason: string
}

interface Beginning {
  code: string | null
  date: string
  pause: BreakOut | null
  rule: BreakRuleOut | null
}

const WORKDAYS = [1, 2, 3, 4, 5]
const DAY = 24 * 60

export function useBreak(begins: () => Beginning) {
  const session = useSession()
  const cache = useQueryCache()
  const { time, today, dayIn } = useFormat()

  function initial(): Values {
    const { code, date, pause, rule } = begins()
    const place = code ? readPlace(code) : null
    const plain: Values = {
      kind: 'break',
      of: 'employee',
      employee: place?.employee ?? (code?.startsWith('of~') ? code.slice(3) : ''),
      chair: '',
      room: '',
      recurring: false,
      date,
      clock: place?.clock ?? null,
      minutes: USUAL,
      wholeDay: false,
      weekdays: WORKDAYS.includes(weekday(date)) ? WORKDAYS : [weekday(date)],
      valid_from: date > today() ? date : today(),
      valid_to: null,
      reason: '',
    }
    if (pause) return { ...plain, ...ofBreak(pause) }
    if (rule) return { ...plain, ...ofRule(rule) }
    return plain
  }

  function ofBreak(pause: BreakOut): Partial<Values> {
    const minutes = Math.round((Date.parse(pause.ends_at) - Date.parse(pause.starts_at)) / 60_000)
    return {
      kind: pause.kind,
      of: pause.room_id ? 'room' : pause.chair_id ? 'chair' : 'employee',
      employee: pause.employee_id ?? '',
      chair: pause.chair_id ?? '',
      room: pause.room_id ?? '',
      clock: time(pause.starts_at),
      wholeDay: minutes >= DAY - 60,
      minutes,
      date: dayIn(pause.starts_at, session.zone),
      reason: pause.reason,
    }
  }

  function ofRule(rule: BreakRuleOut): Partial<Values> {
    return {
      kind: rule.kind,
      employee: rule.employee_id,
      recurring: true,
      clock: rule.starts,
      minutes: clockMinutes(rule.ends)! - clockMinutes(rule.starts)!,
      weekdays: [...rule.weekdays],
      valid_from: rule.valid_from,
      valid_to: rule.valid_to,
      reason: rule.reason,
    }
  }

  async function save(values: Values, key: string): Promise<void> {
    const { pause, rule } = begins()
    const { kind, reason } = values
    if (values.recurring) {
      const hours = hoursOf(values)
      const body = { kind, reason: reason.trim(), ...hours }
      if (rule) {
        await breakRulesPartialUpdate({ path: { id: rule.id }, body: { version: rule.version, ...body } })
      } else {
        const whose = { branch: session.branchId, employee: values.employee }
        await breakRulesCreate({ body: { ...whose, ...body }, headers: idempotent(key) })
      }
    } else {
      const times = spanOf(values, session.zone)
      if (!times) return
      const body = { ...times, kind, reason: reason.trim() }
      if (pause) {
        await breaksPartialUpdate({ path: { id: pause.id }, body: { version: pause.version, ...body } })
      } else {
        const whose = { branch: session.branchId, [values.of]: values[values.of] }
        await breaksCreate({ body: { ...whose, ...body }, headers: idempotent(key) })
      }
    }
    refresh()
  }

  function refresh(): void {
    void refreshOn(cache, ['breaks', 'break-rules'])
  }

  async function remove(pause: BreakOut): Promise<void> {
    await breaksDestroy({ path: { id: pause.id } })
    refresh()
  }

  async function removeRule(id: string): Promise<void> {
    await breakRulesDestroy({ path: { id } })
    refresh()
  }

  /** The same break once more, for undo. */
  async function again(pause: BreakOut): Promise<void> {
    const { kind, starts_at, ends_at, reason } = pause
    const whose = { employee: pause.employee_id, chair: pause.chair_id, room: pause.room_id }
    await breaksCreate({
      body: { branch: session.branchId, ...whose, kind, starts_at, ends_at, reason },
      headers: idempotent(),
    })
    refresh()
  }

  return { ...useForm<Values>(initial, save), remove, removeRule, again }
}

function spanOf({ date, clock, minutes, wholeDay }: Values, zone: string) {
  if (!date || !wholeDay) return timesOf({ date, clock, minutes }, zone)
  return { starts_at: momentIn(date, '00:00', zone), ends_at: momentIn(addDays(date, 1), '00:00', zone) }
}

function hoursOf({ clock, minutes, weekdays, valid_from, valid_to }: Values) {
  const starts = clock ?? '00:00'
  const ends = Math.min(clockMinutes(starts)! + minutes, DAY - 1)
  return { starts, ends: clockText(ends), weekdays, valid_from: valid_from ?? '', valid_to }
}

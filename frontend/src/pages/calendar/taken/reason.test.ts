import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { ApiError } from '@/api/errors'
import { showLanguage } from '@/i18n'
import { reasonOf } from './reason'

beforeEach(async () => {
  setActivePinia(createPinia())
  await showLanguage('ru')
})

const refusal = (code: string, fields: Record<string, string[]>, details: Record<string, unknown> = {}) =>
  new ApiError(409, code, 'The text is kept', fields, details)

test('what is wrong with a field says more than that something is', () => {
  expect(reasonOf(refusal('invalid', { starts_at: ['Too late.'] }))).toBe('Too late.')
  const resources = [{ name: 'Ким А.' }, { name: '' }]
  expect(reasonOf(refusal('slot_taken', {}, { resources }))).toBe('The text is kept Ким А.')
})

test('of what was changed meanwhile it is said by whom, and nothing of a text where there is none', () => {
  const said = reasonOf(refusal('stale', {}, { by: 'Ким А.', at: '2026-11-26T12:00:00Z' }))
  expect(said).toContain('Ким А.')
  expect(said).not.toContain('kept')
  expect(reasonOf(refusal('stale', {}))).toContain('коллега')
})

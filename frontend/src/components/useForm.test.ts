import { expect, test, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import { useForm } from './useForm'

test('a form is dirty only while it differs from what is known', () => {
  const form = useForm(
    () => ({ name: 'Айгүл' }),
    async () => {},
  )
  expect(form.dirty.value).toBe(false)
  form.values.name = 'Айгерим'
  expect(form.dirty.value).toBe(true)
  form.reset()
  expect([form.values.name, form.dirty.value]).toEqual(['Айгүл', false])
})

test('pressing twice saves once', async () => {
  const save = vi.fn(async () => {})
  const form = useForm(() => ({ name: '' }), save)
  expect(await Promise.all([form.submit(), form.submit()])).toEqual([true, false])
  expect(save).toHaveBeenCalledOnce()
})

test('the same values are tried again under the same key, others under a new one', async () => {
  const keys: string[] = []
  const refuse = async (_: object, key: string) => {
    keys.push(key)
    throw new ApiError(503, 'busy', 'Занято')
  }
  const form = useForm(() => ({ name: 'a' }), refuse)
  await form.submit()
  await form.submit()
  form.values.name = 'b'
  await form.submit()
  expect(keys[0]).toBe(keys[1])
  expect(keys[2]).not.toBe(keys[0])
  expect(form.error.value?.message).toBe('Занято')
  expect(form.values.name).toBe('b')
})

import { AxiosError, type InternalAxiosRequestConfig } from 'axios'
import { beforeEach, expect, test, vi } from 'vitest'
import { http, onSession, setAccess } from './client'
import { ApiError } from './errors'

let valid = 'new'
let refreshes = 0
let refreshWorks = true
const ended = vi.fn()

function answer(config: InternalAxiosRequestConfig, status: number, data: unknown) {
  const response = { config, status, data, headers: {}, statusText: '' }
  if (status < 400) return Promise.resolve(response)
  return Promise.reject(new AxiosError('refused', undefined, config, undefined, response))
}

beforeEach(() => {
  valid = 'new'
  refreshes = 0
  refreshWorks = true
  ended.mockReset()
  setAccess('old')
  onSession({ renewed: () => {}, ended })
  http.defaults.adapter = async (config) => {
    if (config.url?.endsWith('/auth/refresh')) {
      refreshes += 1
      return refreshWorks
        ? answer(config, 200, { access: 'new', user: {} })
        : answer(config, 401, { code: 'not_authenticated', message: 'Войдите снова' })
    }
    if (config.url === '/refused')
      return answer(config, 400, { code: 'invalid', message: 'Нет', fields: { 'works.0.price': ['Мало'] } })
    if (config.url === '/down') throw new AxiosError('Network Error', 'ERR_NETWORK', config)
    return config.headers.get('Authorization') === `Bearer ${valid}`
      ? answer(config, 200, { ok: true })
      : answer(config, 401, { code: 'not_authenticated', message: '' })
  }
})

test('several refused calls renew the session once and are repeated', async () => {
  const answers = await Promise.all([http.get('/a'), http.get('/b'), http.get('/c')])
  expect(answers.map(({ data }) => data.ok)).toEqual([true, true, true])
  expect(refreshes).toBe(1)
})

test('a call is repeated only once', async () => {
  valid = 'never'
  await expect(http.get('/a')).rejects.toMatchObject({ status: 401 })
  expect(refreshes).toBe(1)
})

test('a session that cannot be renewed is over', async () => {
  refreshWorks = false
  await expect(http.get('/a')).rejects.toBeInstanceOf(ApiError)
  expect(ended).toHaveBeenCalledOnce()
})

test('a refusal keeps its code, message and fields', async () => {
  const error = await http.post('/refused').catch((reason: ApiError) => reason)
  expect(error).toMatchObject({ status: 400, code: 'invalid', message: 'Нет' })
  expect((error as ApiError).field('works')).toBe('Мало')
  expect((error as ApiError).field('name')).toBeUndefined()
})

test('no answer is an error of the network', async () => {
  await expect(http.get('/down')).rejects.toMatchObject({ code: 'network', isNetwork: true })
})

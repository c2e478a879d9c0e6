/** The generated client asks here how to be set up: it shares our axios instance and its interceptors. */
import { http } from './client'

export function createClientConfig<T extends object>(override?: T): T {
  return { ...override, axios: http, throwOnError: true } as unknown as T
}

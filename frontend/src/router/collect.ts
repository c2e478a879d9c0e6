import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

export interface NavPage {
  name: string
  title: string
  icon: Component
  order: number
  permission?: string | string[]
}

type May = (code: string) => boolean

/** Pages inside the frame lose their leading slash, because they become its children. */
export function collect(routes: RouteRecordRaw[]): { framed: RouteRecordRaw[]; open: RouteRecordRaw[] } {
  const open = routes.filter((route) => route.meta?.public)
  const framed = routes
    .filter((route) => !route.meta?.public)
    .map((route) => ({ ...route, path: route.path.replace(/^\//, '') }))
  return { framed, open }
}

export function navOf(routes: RouteRecordRaw[]): NavPage[] {
  return routes
    .filter((route) => route.meta?.nav)
    .map((route) => ({
      name: String(route.name),
      title: route.meta!.title ?? String(route.name),
      icon: route.meta!.nav!.icon,
      order: route.meta!.nav!.order,
      permission: route.meta!.permission,
    }))
    .sort((a, b) => a.order - b.order)
}

export function mayOpen(permission: string | string[] | undefined, may: May): boolean {
  if (!permission) return true
  return [permission].flat().some(may)
}

export function firstAllowed(pages: NavPage[], may: May): NavPage | undefined {
  return pages.find((page) => mayOpen(page.permission, may))
}

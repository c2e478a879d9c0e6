import 'vue-router'
import type { Component } from 'vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name in its locales, for the rail, the search and the title of the window. */
    title?: string
    /** One of these permissions opens the page. */
    permission?: string | string[]
    /** Stands in the rail. */
    nav?: { icon: Component; order: number }
    /** Needs nobody signed in and has no frame. */
    public?: boolean
    /** Where the page looks like in the rail when it is not there itself: the name of another route. */
    section?: string
  }
}

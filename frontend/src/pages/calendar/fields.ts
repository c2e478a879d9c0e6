/** Names of fields as people say them; several of the server's may be one of ours. */
const WORDS: Record<string, string> = {
  starts_at: 'time',
  ends_at: 'time',
  employee: 'doctor',
  chair: 'chair',
  branch: 'branch',
  status: 'status',
  services: 'services',
  services_text: 'services',
  price_estimate: 'services',
  note: 'note',
  source: 'source',
  is_urgent: 'urgent',
  color: 'color',
  segments: 'segments',
  cancel_code: 'reason',
  cancel_reason: 'reason',
  canceled_by: 'reason',
}

export function fieldWords(names: readonly string[], t: (key: string) => string): string[] {
  const known = names.map((name) => WORDS[name]).filter((word) => word !== undefined)
  return [...new Set(known)].map((word) => t(`calendar.field.${word}`))
}

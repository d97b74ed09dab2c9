/** Instants and sizes as an auditor reads them: the full day, seconds, no rounding away of zeros. */
import { dayOf } from '../../../shared/domain/period.ts';
import { useFormat } from '../../ui/use-format.ts';

/** `2026-11-21 10:31:07`, China's clock: sortable, the same in both languages. */
export function useWhen(): (at: string) => string {
  const format = useFormat();
  return (at) => `${dayOf(Date.parse(at))} ${format.time(Date.parse(at), true)}`;
}

/** `512 B`, `4.0 kB`, `1.2 MB`. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

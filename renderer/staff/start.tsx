/** Puts the staff window into its page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import type { CreateStore } from '../cache/worker-store.ts';
import { initI18n } from '../ui/i18n.ts';
import { StaffApp } from './app.tsx';
import { en } from './i18n/en.ts';
import { zhCN } from './i18n/zh-CN.ts';
import { createSessionRecords } from './records/session-records.ts';

/** `createStore` makes a fresh store for each lookup. */
export function start(api: PlaneApi<'staff'>, createStore: CreateStore): void {
  const root = document.getElementById('root');
  if (!root) throw new TypeError('the page has no #root');
  initI18n({ staff: { 'zh-CN': zhCN, en } }, 'zh-CN');
  // Outside React: it answers `wipe` whatever is on the screen.
  const records = createSessionRecords(api, createStore);
  createRoot(root).render(
    <StrictMode>
      <StaffApp api={api} records={records} />
    </StrictMode>,
  );
}

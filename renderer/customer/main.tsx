/** Starts the customer's window. */
import '../../shared/contract/no-eval.ts';
import { createRoot } from 'react-dom/client';
import { createRecordStore } from '../cache/worker-store.ts';
import { planeApi } from '../ui/api.ts';
import { initI18n } from '../ui/i18n.ts';
import { App } from './app.tsx';
import { en } from './i18n/en.ts';
import { zhCN } from './i18n/zh-CN.ts';

initI18n({ customer: { 'zh-CN': zhCN, en } }, 'zh-CN');

const root = document.getElementById('root');
if (!root) throw new TypeError('no #root');
createRoot(root).render(<App api={planeApi<'customer'>()} createStore={createRecordStore} />);

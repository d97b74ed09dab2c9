/** The customer's window as shipped, over the real store and a lookup of the bench; only the core is a double. */
import '../../../shared/contract/no-eval.ts';
import { createRoot } from 'react-dom/client';
import type { RecordStore } from '../../../renderer/cache/records.ts';
import { createRecordStore } from '../../../renderer/cache/worker-store.ts';
import { App } from '../../../renderer/customer/app.tsx';
import { en } from '../../../renderer/customer/i18n/en.ts';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';
import { initI18n } from '../../../renderer/ui/i18n.ts';
import type { CustomerView } from '../../../shared/contract/views.ts';
import { createDouble } from '../../renderer/double.ts';
import { scenes } from '../../renderer/gallery/customer-scenes.ts';
import { accessTo } from '../page/sealed.ts';
import { watchTyping } from './watch.ts';

const lookup = new URLSearchParams(location.search).get('lookup') ?? '';
const access = await accessTo(lookup);
const { rows, counts, scope, lookupId } = access.manifest;
const view: CustomerView = {
  ...scenes.reading,
  lookupId,
  counts: { rows, ...counts },
  request: {
    maskedNumber: '139****0005',
    categories: scope.categories,
    period: scope.period,
    purpose: 'own-copy',
  },
};
const double = createDouble('customer', { getView: () => view, openRecords: () => access });

let opened: RecordStore | undefined;
window.typing = {
  whenHeld: async () => opened?.whenHeld(),
  ...watchTyping(),
};

initI18n({ customer: { 'zh-CN': zhCN, en } }, 'zh-CN');
const root = document.getElementById('root');
if (!root) throw new TypeError('no #root');
createRoot(root).render(
  <App
    api={double.api}
    createStore={(onDeath) => {
      opened = createRecordStore(onDeath);
      return opened;
    }}
  />,
);

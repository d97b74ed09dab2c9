/** Puts the customer's window into the state that the address names, and its double on the page. */
import '../../../shared/contract/no-eval.ts';
import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/customer/app.tsx';
import { en } from '../../../renderer/customer/i18n/en.ts';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';
import { initI18n } from '../../../renderer/ui/i18n.ts';
import type { ProofFacts } from '../../../shared/contract/contract.ts';
import type { CustomerView } from '../../../shared/contract/views.ts';
import { createDouble, type Double } from '../double.ts';
import { createRecordStoreDouble, type RecordStoreDouble, syntheticRows } from '../record-store-double.ts';
import { accessPage } from './accesses.ts';
import { period, type SceneName, scenes } from './customer-scenes.ts';

declare global {
  interface Window {
    customer: {
      double: Double<'customer'>;
      /** Pushes a scene, or a part of the view. */
      show: (scene: SceneName | Partial<CustomerView>) => void;
      /** Stores that the window made, newest last. */
      stores: RecordStoreDouble[];
      /** What `openProof` answers. */
      proof: () => ProofFacts;
    };
  }
}

const query = new URLSearchParams(location.search);
const named = query.get('scene') ?? '';
const display = {
  language: query.get('language') === 'en' ? ('en' as const) : ('zh-CN' as const),
  largeType: query.has('large'),
};
let view: CustomerView = { ...scenes[named in scenes ? (named as SceneName) : 'idle'], display };
const rows = syntheticRows(view.counts?.rows ?? 1286, period).map((row, i) =>
  i % 5 === 2
    ? { ...row, text: `${row.text}这是一条很长的短信，用来看看两行放不下的时候会怎样。`.repeat(4) }
    : row,
);

const proof = (): ProofFacts => ({
  subscriber: '13900000001',
  withdrawalCode: '7K3M-9QXA-VT52-HB0W',
  qr: `ZHIQING/1 C:${'0A'.repeat(32)} M:${'1B'.repeat(32)} T:42:${'2C'.repeat(32)} K:89ABCDEF S:${'3D'.repeat(72)}`,
});
const double = createDouble('customer', {
  getView: () => view,
  accesses: accessPage,
  openProof: proof,
  openRecords: () => ({
    binding: {
      consentHash: 'a'.repeat(64),
      scopeHash: 'b'.repeat(64),
      lookupId: view.lookupId ?? '',
    },
    metadataSecret: new Uint8Array(32),
    contentSecret: new Uint8Array(32),
    manifest: {
      schema: 'zhiqing-manifest/1' as const,
      lookupId: view.lookupId ?? '',
      consentId: view.consentId ?? '',
      consentHash: 'a'.repeat(64),
      scopeHash: 'b'.repeat(64),
      scope: {
        subscriber: '13900000001',
        categories: ['sms' as const],
        period,
        purpose: 'own-copy' as const,
        recipients: ['subject' as const],
        expiresAt: '2026-11-21T09:00:00.000Z',
      },
      answeredAt: '2026-11-21T08:00:00.000Z',
      device: 'd'.repeat(64),
      policyVersion: 3,
      rows: rows.length,
      counts: { received: 0, sent: 0, byCategory: {} },
      merkleRoot: 'c'.repeat(64),
      pageRoots: [],
      pages: { metadata: [], content: [] },
    },
  }),
});
const mark = query.get('mark') ?? '';
const stores: RecordStoreDouble[] = [];
window.customer = {
  double,
  stores,
  proof,
  show: (scene) => {
    view = typeof scene === 'string' ? { ...scenes[scene], display: view.display } : { ...view, ...scene };
    double.push('view', view);
  },
};

initI18n({ customer: { 'zh-CN': zhCN, en } }, 'zh-CN');
const root = document.getElementById('root');
if (!root) throw new TypeError('no #root');
createRoot(root).render(
  <App
    api={double.api}
    createStore={() => {
      const store = createRecordStoreDouble(rows);
      stores.push(store);
      if (!query.has('mark')) return store;
      // Marked as they are read: a mark that is in memory came over the screen.
      return {
        ...store,
        readFull: async (indexes) =>
          (await store.readFull(indexes)).map((row) => ({
            ...row,
            // Parsed, so that it is one piece in memory, as what a worker sends.
            text: JSON.parse(JSON.stringify(`${row.text}${mark}${row.index}`)) as string,
          })),
      };
    }}
  />,
);

/** Puts the staff window into the state that the address names, and its double on the page. */
import '../../../shared/contract/no-eval.ts';
import { start } from '../../../renderer/staff/start.tsx';
import type { StaffView } from '../../../shared/contract/views.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { createDouble, type Double } from '../double.ts';
import { createRecordStoreDouble, syntheticRows } from '../record-store-double.ts';
import { auditDetail, auditPage, auditState, brokenDetail } from './audit-log.ts';
import { badStatus, cases, period, type SceneName, scenes, status, today } from './staff-scenes.ts';

declare global {
  interface Window {
    double: Double<'staff'>;
  }
}

const named = new URLSearchParams(location.search).get('scene') ?? '';
const scene: SceneName = named in scenes ? (named as SceneName) : 'idle';
const view: StaffView = scenes[scene];
const rows = syntheticRows(view.counts?.rows ?? 0, period);

window.double = createDouble('staff', {
  getView: () => view,
  getStatus: () => (scene === 'bad-status' ? badStatus : status),
  auditState: () => auditState,
  auditPage,
  auditDetail: scene === 'audit-broken' ? brokenDetail : auditDetail,
  auditVerify: async () => {
    window.double.push('auditProgress', { done: 320, total: 640 });
    // Still running when it is looked at, in that scene.
    if (scene === 'audit-verifying') await new Promise(() => undefined);
    return { ...auditState.verified, entries: 640, when: 'asked' as const };
  },
  auditExport: () => {
    if (scene === 'audit-broken') throw new Failure('save-failed');
    return { folder: 'audit-counter-0001-20261121-143000', entries: 640, files: 9 };
  },
  dayList: ({ day }) => (day === today ? cases : []),
  signIn: () => {
    throw new Failure('sign-in-refused', { triesLeft: 2 });
  },
  openMetadata: () => {
    if (scene === 'reading-failed') throw new Failure('central-garbage');
    return {
      binding: {
        consentHash: 'a'.repeat(64),
        scopeHash: 'b'.repeat(64),
        lookupId: view.lookupId ?? '',
      },
      metadataSecret: new Uint8Array(32),
      rows: rows.length,
      merkleRoot: 'c'.repeat(64),
      pageRoots: [],
      pages: [],
    };
  },
});
start(window.double.api, () => createRecordStoreDouble(rows));

/**
 * The names of the contract without its schemas: what a preload needs, small enough for a sandboxed script.
 * A test compares them with the contract, so neither can drift.
 */
export type Plane = 'staff' | 'customer';

export const names = {
  staff: {
    commands: [
      'getView',
      'getStatus',
      'signIn',
      'signOut',
      'startSession',
      'startHeld',
      'closeCase',
      'attest',
      'retry',
      'cancel',
      'acknowledge',
      'startWithdrawal',
      'cancelWithdrawal',
      'acknowledgeWithdrawal',
      'retryWithdrawal',
      'openMetadata',
      'closeSession',
      'dayList',
      'auditState',
      'auditPage',
      'auditDetail',
      'auditVerify',
      'auditExport',
      'handOver',
      'wiped',
    ],
    events: ['view', 'status', 'auditProgress', 'wipe'],
  },
  customer: {
    commands: [
      'getView',
      'setDisplay',
      'touch',
      'acceptRequest',
      'notMyNumber',
      'refuse',
      'noticePage',
      'noticeRead',
      'prove',
      'resendCode',
      'answer',
      'tick',
      'reconsider',
      'back',
      'sign',
      'cannotSign',
      'mark',
      'openRecords',
      'release',
      'accesses',
      'openReport',
      'makeReport',
      'openProof',
      'saveReport',
      'takeReceipt',
      'withdrawal',
      'keepNothing',
      'finish',
      'stop',
      'retry',
      'returnScreen',
      'wiped',
    ],
    events: ['view', 'wipe'],
  },
} as const satisfies Record<Plane, { commands: readonly string[]; events: readonly string[] }>;

/** The channel of a command or event. Both names come from the contract, never from a window. */
export function channel(plane: Plane, kind: 'command' | 'event', name: string): string {
  return `zhiqing:${plane}:${kind}:${name}`;
}

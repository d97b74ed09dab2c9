/** Words of records that are kept for a case, in English. */
import type { SameKeys } from '../../ui/i18n/words.ts';
import type { kept as zhCN } from './kept-zh-CN.ts';

export const kept: SameKeys<typeof zhCN> = {
  requestStep: 'What is opened',
  requestTitle: 'Your records are kept here',
  requestSentence:
    'Staff number {{staffId}} asks you to open what was kept for you: the {{categories}} records of {{number}}, {{from}} to {{to}}.',
  requestUntil:
    'They are encrypted at this counter, until {{until}} at the latest; then they are destroyed by themselves.',
  requestNext:
    'First you prove who you are, and the service confirms that they may still be opened. Nothing new is looked up.',
  requestAccept: 'Open them',
  requestRefuse: 'Not today',
  opening: 'Asking and opening',
  openingBody: 'The service is asked whether your records may still be opened. One moment.',
  title: 'Records kept for you',
  willBe: 'When you are done they stay encrypted until the case is done, {{until}} at the latest.',
  isKept:
    'Kept encrypted for you, until {{until}} at the latest. For a new report or receipt, ask staff for a new lookup.',
  stop: 'Stop keeping',
  stopTitle: 'Stop keeping them?',
  stopNow: 'What is kept is destroyed at once, and this visit ends. It cannot be undone.',
  stopLater: 'They are destroyed as soon as you are done. You can go on reading now.',
  stopSealed: 'What was just encrypted is destroyed at once. It cannot be undone.',
  stopConfirm: 'Stop keeping',
  stopBack: 'Keep them',
  finishKeep:
    'Your records leave the screen and stay encrypted at this counter, until {{until}} at the latest.',
  finishKeepConfirm: 'Clear the screen and keep',
  finishAgain: 'Your records leave the screen. They stay kept as before, until {{until}} at the latest.',
  finishAgainConfirm: 'Clear the screen and finish',
  leave:
    'The screen is cleared. What is kept stays encrypted as before, and your other business here is not affected.',
  silence: 'If nobody answers, the screen clears itself. What is kept stays encrypted as before.',
  sealing: 'Encrypting what is kept',
  sealingBody: 'The screen is cleared. It takes a moment.',
  sealFailed: 'Keeping is not finished yet',
  sealFailedSafe: 'The screen is cleared and nothing is lost. Try again, or keep nothing.',
  sealFailedStop: 'Keep nothing and finish',
  cleared: 'The screen is cleared',
  sealedUntil: 'Your records are kept encrypted at this counter, until {{until}} at the latest',
  /** To someone who has not shown whose they are. */
  closed: 'Nothing was opened; what is kept stays encrypted.',
  sealedFor:
    'Once staff note the case, your records stay encrypted until it is done, {{until}} at the latest; otherwise they are destroyed at once',
  takeBack: 'Take it back any time: with the code on the receipt, or in person at any counter.',
  outcomes: {
    withdrawn: {
      title: 'Nothing is kept any more',
      body: 'What was kept is destroyed and cannot be opened again. It has no other effect.',
    },
    expired: {
      title: 'The time for keeping is over',
      body: 'What was kept is destroyed. If you still need your records, ask staff for a new lookup.',
    },
  },
  receiptUntil: 'Kept until',
};

/** Words of what a clerk should know about the counter itself, in English. */
import type { SameKeys } from '../../ui/i18n/words.ts';
import type { warnings as zh } from './warnings-zh.ts';

export const warnings: SameKeys<typeof zh> = {
  label: 'About this counter',
  noted: 'Noted',
  outbox: {
    line: 'Something has waited {{span}} for the line to central. It goes by itself once the line is back, nothing is lost, and you can go on. Tell IT if it is not back within an hour.',
    staff:
      'A consent that a customer signed has waited {{span}}: let the clerk who took it sign in. If they are away, it goes as soon as any clerk signs in.',
    it: "Something has waited {{span}}, and central has not taken it. Nothing is lost; report 'outbox stands still' to IT.",
    day: 'Something has waited {{span}} to be sent. Tell IT at once.',
  },
  repairs: {
    policy: {
      done: 'The record of the notice version was damaged and is restored from the audit log. Nothing to do.',
      waiting: 'The record of the notice version was damaged; it is restored once central is heard.',
    },
    clock: {
      done: 'The record of the time was damaged and is restored by central. Nothing to do.',
      waiting: "The record of the time was damaged; until central is heard, check the computer's clock.",
    },
    changes: {
      done: "The place in central's notices was damaged; they are read again from the beginning. Nothing to do.",
      waiting: "The place in central's notices was damaged; they are read again once central is heard.",
    },
    settings: {
      done: 'The record of the last settings was damaged and is made anew. Let IT check the settings of this counter.',
      waiting: 'The record of the last settings was damaged. Let IT check the settings of this counter.',
    },
    segments: {
      done: 'The list of the audit log was damaged and is made anew from the log itself. Nothing to do.',
      waiting: 'The list of the audit log was damaged; it is being made anew.',
    },
    'day-list': {
      done: 'The day list was damaged and is completed from central. Nothing to do.',
      waiting: 'The day list was damaged and may lack rows; it is completed once central is heard.',
    },
    certificate: {
      done: 'The certificate of this counter was damaged or gone, and a new one was issued. Nothing to do.',
      waiting:
        'The certificate of this counter was damaged or is gone; central cannot be reached. IT issues a new enrolment code.',
    },
    outbox: {
      done: 'The outbox was taken away and begins anew; evidence of erasures that the audit log knows of is sent again. IT hands what was taken away to information security.',
      waiting: 'The outbox was taken away. Tell IT.',
    },
  },
  offline: {
    title: 'Central cannot be reached now.',
    idle: 'You can start a visit: the customer reads request and notice. Identity check and lookup wait for the line.',
    reading: 'The customer can go on reading. Identity check and lookup wait for the line.',
    identity: 'Central checks the identity: wait for the line and try again, or end the visit.',
    signing:
      'The customer can go on answering, ticking and signing: the consent is kept here and goes by itself once the line is back. The lookup waits for the line.',
    lookup:
      'The signed consent is kept and goes by itself; the lookup waits for the line. The customer can wait, or you end the visit; a later lookup needs a new signature.',
    records:
      'The customer can go on reading what is open, show it to you and save a report. What was not opened yet, and the cosignature of central, wait for the line.',
    closing: 'Close as usual; what central has to get goes by itself once the line is back.',
  },
};

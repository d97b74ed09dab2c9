/** The work of the current phase. */

import { Ended } from '../close/ended.tsx';
import { FollowUp } from '../close/follow-up.tsx';
import { useStaff } from '../context.ts';
import { Records } from '../records/records.tsx';
import { RequestForm } from '../request/request-form.tsx';
import { Failed } from './failed.tsx';
import { isFailed } from './steps.ts';
import { Waiting } from './waiting.tsx';
import { Witness } from './witness.tsx';

export function Work() {
  const { view } = useStaff();
  const { phase } = view;
  if (phase === 'idle') return <RequestForm />;
  if (isFailed(phase)) return <Failed />;
  if (phase === 'ended') return <Ended />;
  if (phase === 'serving.witnessing.waiting') return <Witness />;
  if (phase === 'serving.followUp') return <FollowUp />;
  if (view.lookupId !== undefined && view.request && phase !== 'serving.finishing' && phase !== 'closing') {
    return <Records request={view.request} />;
  }
  return <Waiting />;
}

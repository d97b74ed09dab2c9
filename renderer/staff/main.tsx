// First: no schema may be made before it.
import '../../shared/contract/no-eval.ts';
import { createRecordStore } from '../cache/worker-store.ts';
import { planeApi } from '../ui/api.ts';
import { start } from './start.tsx';

start(planeApi<'staff'>(), createRecordStore);

/** The layered notice: short layer first, then every section, page by page to the end. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { useVisit } from '../visit/context.ts';
import { type Block, blocksOf } from './pages.ts';
import { useSpeech } from './speech.ts';
import { usePages } from './use-pages.ts';

/** A change of language or size begins the reading anew, as the session does. */
export function NoticeScreen() {
  const { view } = useVisit();
  const { language, largeType } = view.display;
  return <NoticePages key={`${language} ${largeType}`} />;
}

function NoticePages() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const notice = view.notices?.[view.display.language];
  const [blocks] = useState(() => (notice ? blocksOf(notice) : []));
  const viewport = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLDivElement>(null);
  const pages = usePages(blocks, viewport, ruler);
  const [wanted, setPage] = useState(0);
  const [scrollFirst, setScrollFirst] = useState(false);
  const speech = useSpeech(view.display.language);
  const of = pages.length;
  const page = Math.min(wanted, Math.max(0, of - 1));
  const shown = (pages[page] ?? []).flatMap((i) => blocks[i] ?? []);

  // The core counts pages as they are shown, one by one.
  const tell = useRef(call);
  tell.current = call;
  useEffect(() => {
    if (of > 0) void tell.current('noticePage', { page: page + 1, of });
  }, [page, of]);

  const turn = (to: number) => {
    speech.stop();
    setScrollFirst(false);
    setPage(to);
    viewport.current?.scrollTo({ top: 0 });
  };
  const onward = () => {
    const box = viewport.current;
    // A paragraph taller than the screen is read to its end too.
    if (box && box.scrollTop + box.clientHeight < box.scrollHeight - 4) {
      setScrollFirst(true);
      return;
    }
    if (page + 1 < of) turn(page + 1);
    else void call('noticeRead', {});
  };

  return (
    <>
      <main className="sheet notice" data-width="text" data-fill>
        {shown[0]?.kind === 'title' ? null : <h1 className="zq-hidden">{t('stepNames.notice')}</h1>}
        <div className="notice-page" ref={viewport} lang={view.display.language}>
          <Blocks blocks={shown} />
        </div>
        <div className="notice-ruler" ref={ruler} aria-hidden="true">
          <Blocks blocks={blocks} />
        </div>
      </main>
      <footer className="actions">
        <div className="actions-aside">
          <Button busy={busy} onPress={() => void call('refuse', {})}>
            {t('notice.refuse')}
          </Button>
          {speech.available ? (
            <Button
              icon="sound"
              pressed={speech.speaking}
              onPress={() =>
                speech.speaking ? speech.stop() : speech.speak(shown.map((block) => block.text).join('\n'))
              }
            >
              {t(speech.speaking ? 'notice.stopReading' : 'notice.read')}
            </Button>
          ) : null}
        </div>
        <div className="actions-next">
          <p className="notice-count" role="status">
            {scrollFirst ? t('notice.scrollFirst') : of > 0 ? t('notice.page', { page: page + 1, of }) : ''}
          </p>
          {page > 0 ? <Button onPress={() => turn(page - 1)}>{t('notice.previous')}</Button> : null}
          <Button kind="primary" busy={busy && page + 1 >= of} onPress={onward}>
            {t(page + 1 < of ? 'notice.next' : 'notice.done')}
          </Button>
        </div>
      </footer>
    </>
  );
}

/** SECURITY: S9 the text of a block is rendered as it is hashed, nothing added, nothing left out. */
function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, i) => {
    const key = `${block.section} ${i} ${block.kind}`;
    if (block.kind === 'title') return <h1 key={key}>{block.text}</h1>;
    if (block.kind === 'heading') return <h2 key={key}>{block.text}</h2>;
    return (
      <p key={key} data-kind={block.kind}>
        {block.text}
      </p>
    );
  });
}

/** The layered notice: short layer first, then every section, page by page to the end. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Block, noticePages } from '../../../shared/domain/notice-pages.ts';
import { Button } from '../frame/button.tsx';
import { useVisit } from '../visit/context.ts';
import { useSpeech } from './speech.ts';

/** A change of language, size or version begins the reading anew, as the session does. */
export function NoticeScreen() {
  const { view } = useVisit();
  const { language, largeType } = view.display;
  return <NoticePages key={`${language} ${largeType} ${view.policyVersion}`} />;
}

function NoticePages() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const { language, largeType } = view.display;
  const notice = view.notices?.[language];
  // SECURITY: S9 the same pages that the core counts, made by the same rule from the same text.
  const pages = useMemo(() => (notice ? noticePages(notice, largeType) : []), [notice, largeType]);
  const viewport = useRef<HTMLElement>(null);
  const [page, setPage] = useState(0);
  const [scrollFirst, setScrollFirst] = useState(false);
  const speech = useSpeech(language);
  const of = pages.length;
  const shown = pages[page] ?? [];

  // The core counts pages as they are shown, one by one.
  const tell = useRef(call);
  tell.current = call;
  useEffect(() => {
    void tell.current('noticePage', { page: page + 1 });
  }, [page]);

  const turn = (to: number) => {
    speech.stop();
    setScrollFirst(false);
    setPage(to);
    viewport.current?.scrollTo({ top: 0 });
  };
  const onward = () => {
    const box = viewport.current;
    // A page taller than the screen is read to its end too.
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
        {/* Where the reading begins: further on it would only push the text out of its page. */}
        {view.renewed && page === 0 ? (
          <p className="note notice-renewed" role="status">
            {t('notice.renewed')}
          </p>
        ) : null}
        <section
          className="notice-page"
          ref={viewport}
          lang={language}
          aria-label={t('stepNames.notice')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must take the keyboard (WCAG 2.1.1).
          tabIndex={0}
        >
          <Blocks blocks={shown} />
        </section>
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
            {scrollFirst ? t('notice.scrollFirst') : t('notice.page', { page: page + 1, of })}
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

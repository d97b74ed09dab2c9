/** One question that shows that the notice was understood. A wrong answer shows the place that says it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Choices } from '../frame/choices.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';

export function QuestionScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const [answer, setAnswer] = useState<string>();
  const [hurry, setHurry] = useState(false);
  /** The wrong answer whose explanation was read, by the tries that it left. */
  const [explained, setExplained] = useState<number>();
  const { language } = view.display;
  const question = view.questions?.[language];
  if (!question) return null;
  const section = view.notices?.[language].full.find(({ id }) => id === question.section);
  const submit = () => {
    setHurry(answer === undefined);
    if (answer !== undefined) void call('answer', { answerId: answer }).then(() => setAnswer(undefined));
  };
  return (
    <Sheet
      title={t('question.title')}
      lead={t('question.body')}
      aside={
        <Button busy={busy} onPress={() => void call('refuse', {})}>
          {t('question.refuse')}
        </Button>
      }
      action={
        <Button kind="primary" busy={busy} onPress={submit}>
          {t('question.submit')}
        </Button>
      }
    >
      <Choices
        legend={question.text}
        name="answer"
        options={question.answers.map(({ id, text }) => ({ value: id, label: text }))}
        value={answer}
        onChange={setAnswer}
      />
      <p className="calm" role="alert">
        {hurry && answer === undefined ? t('question.choose') : null}
      </p>
      {view.wrongAnswer && explained !== view.questionTriesLeft ? (
        <Dialog
          title={t('question.wrong')}
          wide
          onClose={() => setExplained(view.questionTriesLeft)}
          actions={
            <>
              <p className="dialog-aside soft">{t('question.tries', { n: view.questionTriesLeft })}</p>
              <Button kind="primary" onPress={() => setExplained(view.questionTriesLeft)}>
                {t('question.again')}
              </Button>
            </>
          }
        >
          <div className="note">
            {section?.paragraphs.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </div>
        </Dialog>
      ) : null}
    </Sheet>
  );
}

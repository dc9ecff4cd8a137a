import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import type { Role } from "../../shared/access/roles";
import type { ChatMessage } from "../../shared/assistant/turn";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Skeleton } from "../design/Skeleton";
import { AboutPatient } from "./AboutPatient";
import styles from "./Chat.module.css";
import { Composer } from "./Composer";
import { ConversationLog } from "./ConversationLog";
import type { ChartLink } from "./chart-link";
import { canRetry } from "./conversation";
import { MessageView } from "./MessageView";
import { modelLine } from "./model-words";
import { spokenStatus } from "./spoken-status";
import { suggestedQuestions } from "./suggested-questions";
import { TurnFailure } from "./TurnFailure";
import type { AssistantState } from "./use-assistant";

/** The chosen chat with its composer; the same on the assistant's page and in the dock. */
export function Chat({ state, role }: { readonly state: AssistantState; readonly role: Role }) {
  const { conversation, chatId, store, openPatient } = state;
  const status = useQuery(commandQuery("app.status", {})).data;
  const openFailure = chatId === undefined ? null : store.openFailure(chatId);
  const loading = conversation !== null && !conversation.loaded;
  const blank =
    conversation === null || (conversation.loaded && conversation.messages.length === 0 && !conversation.turn);
  const openChart = useSteady(state.openChart);

  return (
    <div className={styles.chat}>
      <ConversationLog content={conversation} newest={`${chatId ?? ""} ${state.sent}`}>
        {status ? <p className={styles.model}>{modelLine(status.model)}</p> : null}
        {loading ? (
          openFailure ? (
            <ErrorState
              failure={openFailure}
              title="chat not opened"
              onRetry={() => void store.open(conversation.chatId)}
            />
          ) : (
            <Skeleton rows={5} label="Opening the chat" />
          )
        ) : null}
        {blank ? (
          <section aria-label="Suggested questions" className={styles.suggestions}>
            <p>Ask in your own words, with a name or a patient number. For example:</p>
            <ul>
              {suggestedQuestions(role, openPatient).map((question) => (
                <li key={question}>
                  <Button onPress={() => void state.send(question)} className={styles.suggestion}>
                    {question}
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
        {conversation?.messages.map((message) => (
          <MessageView key={message.id} message={message} onOpenChart={openChart} />
        ))}
        {conversation ? <Writing state={state} onOpenChart={openChart} /> : null}
        {conversation && conversation.loaded && canRetry(conversation) ? (
          <TurnFailure conversation={conversation} onRetry={() => void store.retry(conversation.chatId)} />
        ) : null}
      </ConversationLog>
      <p role="status" aria-live="polite" className="visually-hidden">
        {conversation ? spokenStatus(conversation) : ""}
      </p>
      <Composer
        ref={state.message}
        draft={state.kept}
        form={state.composer}
        text={state.draft}
        onText={state.setDraft}
        onSend={() => void state.send(state.draft)}
        onStop={() => void state.stop()}
        answering={state.answering}
        stopping={state.stopping}
        ready={!loading}
        failure={state.failure}
        about={
          openPatient === undefined ? null : (
            <AboutPatient patientId={openPatient} included={state.about !== undefined} onInclude={state.include} />
          )
        }
      />
    </div>
  );
}

/** What there is of the answer so far; what broke off stays here, marked, until it is tried again. */
function Writing({
  state,
  onOpenChart,
}: {
  readonly state: AssistantState;
  readonly onOpenChart: (link: ChartLink) => void;
}) {
  const turn = state.conversation?.turn;
  if (!turn) return null;
  if (turn.phase === "catching-up")
    return <p className={styles.waiting}>Answering. The whole answer is shown when it is done.</p>;
  const nothing = turn.text === "" && turn.toolCalls.length === 0;
  const message: ChatMessage = {
    id: "writing",
    author: "assistant",
    text: turn.text,
    at: "",
    toolCalls: [...turn.toolCalls],
    incomplete: turn.phase === "failed",
    model: null,
  };
  return (
    <>
      {nothing ? null : <MessageView message={message} writing={turn.phase !== "failed"} onOpenChart={onOpenChart} />}
      {turn.phase !== "failed" && turn.text === "" ? <p className={styles.waiting}>Answering</p> : null}
    </>
  );
}

/** The same function object for as long as the component lives, so that settled answers need not be drawn again. */
function useSteady<Given>(work: (given: Given) => void): (given: Given) => void {
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  return useCallback((given: Given) => latest.current(given), []);
}

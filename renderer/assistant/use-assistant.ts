import { useRef, useState } from "react";
import type { Failure } from "../../shared/failure";
import type { AreaProps } from "../app/area-props";
import { useDrafts } from "../drafts/drafts-of";
import { useDraft as useKeptDraft } from "../drafts/use-draft";
import { type ChartLink, placeOf, withChat } from "./chart-link";
import { isAnswering } from "./conversation";
import { conversationsOf, useConversation, useDraft } from "./use-conversation";

/** Everything that the assistant's page and its dock do alike: the chosen chat, the draft, sending, stopping, going to the chart. */
export function useAssistant({ session, place, go }: AreaProps) {
  const store = conversationsOf(session);
  const { chatId } = place;
  const conversation = useConversation(store, chatId);
  const [draft, setDraft] = useDraft(store, chatId ?? "");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [stopping, setStopping] = useState(false);
  /** The question that is on its way; until it is known how that went, it is a draft like what is typed behind it. */
  const [onItsWay, setOnItsWay] = useState<string | null>(null);
  const sending = onItsWay !== null;
  const composer = useRef<HTMLFormElement>(null);
  const kept = useKeptDraft({
    place: draftPlace(chatId),
    version: 1,
    fields: { text: onItsWay === null || draft === onItsWay ? draft : behind(onItsWay, draft) },
    restore: ({ text }) => setDraft(text ?? ""),
    form: composer,
  });
  const drafts = useDrafts();
  /** The patient whom the person took out of the question. */
  const [left, setLeft] = useState<string | null>(null);
  /** Grows with each question, so that the log goes to its end. */
  const [sent, setSent] = useState(0);
  const message = useRef<HTMLTextAreaElement>(null);

  const openPatient = place.area === "patient" ? place.patientId : undefined;
  const about = openPatient === left ? undefined : openPatient;
  const answering = sending || (conversation !== null && isAnswering(conversation));

  const send = async (text: string): Promise<void> => {
    const question = text.trim();
    if (question === "" || answering) return;
    setFailure(null);
    // A suggested question is nothing that was typed: it is no draft of anybody.
    setOnItsWay(text === draft ? text : "");
    try {
      let chat = chatId;
      if (chat === undefined) {
        const made = await store.create();
        if ("failure" in made) {
          setFailure(made.failure);
          setDraft(text);
          return;
        }
        chat = made.chatId;
        go(withChat(place, chat));
      }
      const from = draftPlace(chatId);
      store.setDraft(chatId ?? "", "");
      setSent((count) => count + 1);
      const refused = await store.ask(chat, question, about);
      // From here on it stands in the log, or in the new chat's composer again.
      if (draftPlace(chat) !== from) drafts?.shred(from);
      if (refused) {
        setFailure(refused);
        const meanwhile = store.draft(chat);
        store.setDraft(chat, behind(text, meanwhile));
      }
    } finally {
      setOnItsWay(null);
    }
  };

  const stop = async (): Promise<void> => {
    if (chatId === undefined) return;
    setStopping(true);
    setFailure(await store.stop(chatId));
    setStopping(false);
    // The button goes away with the answer; the hands stay at the keyboard.
    message.current?.focus();
  };

  /** Blank at once, so that what is typed next is the new chat's; it comes into being with its first question. */
  const newChat = (): void => {
    setFailure(null);
    const blank = conversation === null || (conversation.loaded && conversation.messages.length === 0 && !answering);
    if (chatId !== undefined && !blank) go(withChat(place, undefined));
    message.current?.focus();
  };

  return {
    store,
    chatId,
    conversation,
    draft,
    setDraft,
    failure,
    answering,
    stopping,
    sent,
    message,
    composer,
    kept,
    openPatient,
    about,
    include: (included: boolean) => setLeft(included ? null : (openPatient ?? null)),
    send,
    stop,
    newChat,
    openChat: (id: string) => {
      setFailure(null);
      go(withChat(place, id));
    },
    deleted: (id: string) => {
      if (id === chatId) go(withChat(place, undefined));
    },
    openChart: (link: ChartLink) => go(placeOf(link, place)),
  };
}

/** A chat that does not exist yet has one place, wherever its first question is written. */
function draftPlace(chatId: string | undefined): string {
  return `chat-message|${chatId ?? "new"}`;
}

/** What was typed meanwhile stays behind what came back. */
function behind(text: string, meanwhile: string): string {
  return meanwhile === "" ? text : text === "" ? meanwhile : `${text}\n${meanwhile}`;
}

export type AssistantState = ReturnType<typeof useAssistant>;

/** What stands above the chat; one that could not be opened is not a new one. */
export function chatTitle({ chatId, conversation }: AssistantState): string {
  return conversation?.title ?? (chatId === undefined ? "New chat" : "Chat");
}

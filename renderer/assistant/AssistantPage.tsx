import { MessageSquarePlus } from "lucide-react";
import type { AreaProps } from "../app/area-props";
import { Button } from "../design/Button";
import styles from "./AssistantPage.module.css";
import { Chat } from "./Chat";
import { ChatList } from "./ChatList";
import { chatTitle, useAssistant } from "./use-assistant";

/** The assistant on a page of its own, with the person's chats beside it. */
export function AssistantPage(props: AreaProps) {
  const state = useAssistant(props);
  return (
    <div className={styles.page}>
      <div className={styles.chats}>
        <header className={styles.header}>
          <h1 className={styles.title}>Assistant</h1>
          <Button onPress={state.newChat}>
            <MessageSquarePlus aria-hidden size={16} />
            New chat
          </Button>
        </header>
        <div className={styles.scroll}>
          <ChatList current={state.chatId} onOpen={state.openChat} onDeleted={state.deleted} />
        </div>
      </div>
      <section aria-label="Chat" className={styles.main}>
        <h2 className={styles.chatTitle}>{chatTitle(state)}</h2>
        <Chat state={state} role={props.session.person.role} />
      </section>
    </div>
  );
}

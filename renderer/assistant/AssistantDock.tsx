import { History, MessageSquarePlus } from "lucide-react";
import { useId, useState } from "react";
import type { AreaProps } from "../app/area-props";
import { Button } from "../design/Button";
import { IconButton } from "../design/IconButton";
import { useDraftPlaces } from "../drafts/drafts-of";
import styles from "./AssistantDock.module.css";
import { Chat } from "./Chat";
import { chatTitlePlace } from "./ChatDialogs";
import { ChatList } from "./ChatList";
import { chatTitle, useAssistant } from "./use-assistant";

/** The assistant beside the ward or the chart; the chats fold away to leave room for the answer. */
export function AssistantDock(props: AreaProps) {
  const state = useAssistant(props);
  // A title that was half typed when the workstation locked is typed on in the list.
  const halfTitled = useDraftPlaces().some((place) => place.startsWith(chatTitlePlace("")));
  const [listed, setListed] = useState(halfTitled);
  const chats = useId();
  return (
    <div className={styles.dock}>
      <div className={styles.header}>
        <span className={styles.title}>{chatTitle(state)}</span>
        <IconButton
          icon={History}
          label={listed ? "Hide chats" : "Show chats"}
          aria-expanded={listed}
          aria-controls={chats}
          onPress={() => setListed(!listed)}
        />
        <Button onPress={state.newChat}>
          <MessageSquarePlus aria-hidden size={16} />
          New chat
        </Button>
      </div>
      <div id={chats} hidden={!listed} className={styles.chats}>
        {listed ? (
          <ChatList
            current={state.chatId}
            onOpen={(chatId) => {
              setListed(false);
              state.openChat(chatId);
            }}
            onDeleted={state.deleted}
          />
        ) : null}
      </div>
      <Chat state={state} role={props.session.person.role} />
    </div>
  );
}

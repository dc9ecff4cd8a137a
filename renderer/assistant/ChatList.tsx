import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import type { Chat } from "../../shared/assistant/turn";
import { call } from "../bridge/call";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";
import { Age } from "../design/Age";
import { EmptyState } from "../design/EmptyState";
import { IconButton } from "../design/IconButton";
import { QueryView } from "../design/QueryView";
import { keepPlaces } from "../design/sort-rows";
import { useDraftPlaces } from "../drafts/drafts-of";
import { chatTitlePlace, DeleteChat, RenameChat } from "./ChatDialogs";
import styles from "./ChatList.module.css";

export interface ChatListProps {
  readonly current: string | undefined;
  readonly onOpen: (chatId: string) => void;
  readonly onDeleted: (chatId: string) => void;
}

/** The person's chats, the newest first; a chat can be opened, renamed and deleted. */
export function ChatList({ current, onOpen, onDeleted }: ChatListProps) {
  const client = useQueryClient();
  const chats = useQuery(commandQuery("chats.list", {}));
  const [asked, setAsked] = useState<{ readonly act: "rename" | "delete"; readonly chat: Chat } | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ["command", "chats.list"] });
  useWardEvent("assistant.event", (event) => {
    if (event.type === "session_update" || event.type === "end") void refresh();
  });
  const rename = useMutation({
    mutationFn: (given: { readonly chatId: string; readonly title: string }) => call("chats.rename", given),
    onSuccess: () => {
      setAsked(null);
      void refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (chatId: string) => call("chats.delete", { chatId }),
    onSuccess: (_answer, chatId) => {
      setAsked(null);
      onDeleted(chatId);
      void refresh();
    },
  });
  // A title that was half typed when the workstation locked: its dialog is open again.
  const half = useDraftPlaces().find((place) => place.startsWith(chatTitlePlace("")));
  const halfTitled = chats.data?.chats.find(({ id }) => half === chatTitlePlace(id));
  const [reopened, setReopened] = useState<string | null>(null);
  if (halfTitled && asked === null && reopened !== halfTitled.id) {
    setReopened(halfTitled.id);
    setAsked({ act: "rename", chat: halfTitled });
  }
  const ask = (act: "rename" | "delete", chat: Chat) => {
    rename.reset();
    remove.reset();
    setAsked({ act, chat });
  };

  return (
    <>
      <QueryView
        query={chats}
        label="Loading your chats"
        isEmpty={(data) => data.chats.length === 0}
        empty={
          <EmptyState title="No chats yet">Ask something; the chat is kept here under a title of its own.</EmptyState>
        }
      >
        {(data) => <Rows chats={data.chats} current={current} onOpen={onOpen} onAsk={ask} />}
      </QueryView>
      {asked?.act === "rename" ? (
        <RenameChat
          chat={asked.chat}
          error={rename.error}
          busy={rename.isPending}
          onClose={() => setAsked(null)}
          onRename={(title) => rename.mutateAsync({ chatId: asked.chat.id, title })}
        />
      ) : null}
      {asked?.act === "delete" ? (
        <DeleteChat
          chat={asked.chat}
          error={remove.error}
          busy={remove.isPending}
          onClose={() => setAsked(null)}
          onDelete={() => remove.mutate(asked.chat.id)}
        />
      ) : null}
    </>
  );
}

interface RowsProps {
  readonly chats: readonly Chat[];
  readonly current: string | undefined;
  readonly onOpen: (chatId: string) => void;
  readonly onAsk: (act: "rename" | "delete", chat: Chat) => void;
}

function Rows({ chats, current, onOpen, onAsk }: RowsProps) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const keys = useRef<readonly string[]>([]);
  // An answer that ends elsewhere moves its chat up, but not under a hand that is about to press one.
  const shown = held ? keepPlaces(held, chats, (chat) => chat.id) : chats;
  keys.current = shown.map((chat) => chat.id);
  return (
    <ul
      aria-label="Chats"
      className={styles.list}
      onPointerEnter={() => setHeld(keys.current)}
      onPointerLeave={() => setHeld(null)}
    >
      {shown.map((chat) => (
        <li key={chat.id} className={styles.row} data-current={chat.id === current || undefined}>
          <button
            type="button"
            className={styles.open}
            aria-current={chat.id === current ? "true" : undefined}
            onClick={() => onOpen(chat.id)}
          >
            <span className={styles.title}>{chat.title}</span>
            <Age at={chat.updatedAt} />
          </button>
          <span className={styles.acts}>
            <IconButton icon={Pencil} label={`Rename ${chat.title}`} onPress={() => onAsk("rename", chat)} />
            <IconButton icon={Trash2} label={`Delete ${chat.title}`} onPress={() => onAsk("delete", chat)} />
          </span>
        </li>
      ))}
    </ul>
  );
}

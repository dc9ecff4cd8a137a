import { type QueryClient, QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { AppStatus } from "../../shared/ipc/app-commands";
import type { SessionView } from "../../shared/session/session-state";
import { createQueryClient, isSessionOver, passes } from "../bridge/query-client";
import { useWardEvent } from "../bridge/use-ward-event";
import { commandQuery } from "../bridge/ward-query";
import { DraftsProvider } from "../drafts/DraftsProvider";
import { OfflineSignIn } from "../offline/OfflineSignIn";
import { useOfflineNews } from "../offline/use-offline";
import { SignIn } from "../session/SignIn";
import { StartPage } from "../session/StartPage";
import { Workspace } from "./Workspace";

const statusQuery = commandQuery("app.status", {});
const sessionQuery = commandQuery("session.current", {});

/** The window: the start page until the database is ready, then sign-in, then the workspace of whoever is signed in. */
export function App() {
  const [client] = useState(() => {
    const created: QueryClient = createQueryClient(
      () => void created.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    );
    return created;
  });
  return (
    <QueryClientProvider client={client}>
      <Window />
    </QueryClientProvider>
  );
}

function Window() {
  const client = useQueryClient();
  const status = useQuery({
    ...statusQuery,
    // The announcement may have come before this page listened; asking once a second until it is ready costs nothing.
    refetchInterval: (query) => (query.state.data?.phase === "ready" ? false : 1000),
  });
  useWardEvent("app.status", (next: AppStatus) => client.setQueryData(statusQuery.queryKey, next));
  const offline = useOfflineNews();
  const [connection, setConnection] = useState(false);
  const phase = status.data?.phase;
  // The next time that the network is away the sign-in comes first again.
  useEffect(() => {
    if (phase === "ready") setConnection(false);
  }, [phase]);
  if (status.data === undefined) return <StartPage status={null} error={status.error} />;
  // Whoever works stays where they are while the database is away: the top bar says so, and nothing typed is lost.
  const session = client.getQueryState(sessionQuery.queryKey);
  const working = session?.data !== undefined && !isSessionOver(session.error);
  if (status.data.phase !== "ready" && !working && !offline?.session) {
    // A database that holds no hospital is not away, and nothing that is kept here belongs to it.
    const away = status.data.phase === "unavailable" || status.data.phase === "starting";
    if (!away || !offline?.canSignIn || offline.awaySince === null)
      return <StartPage status={status.data} error={status.error} />;
    if (connection)
      return <StartPage status={status.data} error={status.error} onOffline={() => setConnection(false)} />;
    const enter = (view: SessionView) => client.setQueryData(sessionQuery.queryKey, view);
    return (
      <OfflineSignIn status={status.data} state={offline} onSignedIn={enter} onConnection={() => setConnection(true)} />
    );
  }
  return <SignedInOrNot status={status.data} />;
}

function SignedInOrNot({ status }: { readonly status: AppStatus }) {
  const client = useQueryClient();
  const session = useQuery({
    ...sessionQuery,
    staleTime: Number.POSITIVE_INFINITY,
    // A database that was away for a moment must not leave whoever came back before a page that only a press moves on.
    retry: (_count, error) => passes(error),
    retryDelay: 2000,
  });

  const enter = (view: SessionView) => {
    // Whatever the page still held belonged to someone else.
    client.removeQueries({ queryKey: ["tool"] });
    client.setQueryData(sessionQuery.queryKey, view);
  };

  const over = isSessionOver(session.error);
  useEffect(() => {
    if (over) client.removeQueries({ queryKey: ["tool"] });
  }, [over, client]);

  if (session.isPending) return <Waiting error={session.failureReason} />;
  if (over) return <SignIn status={status} onSignedIn={enter} />;
  // Anything else that went wrong says nothing about who is signed in: the workspace stays as it is.
  if (session.data === undefined)
    return <StartPage status={null} error={session.error} retry={() => void session.refetch()} />;
  return (
    <DraftsProvider session={session.data}>
      <Workspace key={session.data.person.staffId} session={session.data} status={status} />
    </DraftsProvider>
  );
}

/** Milliseconds that an answer may take before its absence is worth words; a page that flashes by is worth none. */
const UNNOTICED = 700;

/** Until it is known who is signed in. A database that hangs must not look like an app that is broken. */
function Waiting({ error }: { readonly error: unknown }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), UNNOTICED);
    return () => clearTimeout(timer);
  }, []);
  return long || error ? <StartPage status={null} error={error} /> : null;
}

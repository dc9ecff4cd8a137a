import { useMutation } from "@tanstack/react-query";
import { failureOf } from "../bridge/bridge-failure";
import { call } from "../bridge/call";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import { Notice } from "../design/Notice";
import { installedWords } from "./update-words";
import { useUpdate } from "./use-update";

/** On the sign-in page: a newer version lies ready, and here, where nobody works, it can be started at once. */
export function UpdateNotice() {
  const { data } = useUpdate();
  const restart = useMutation({ mutationFn: () => call("updates.restart", {}) });
  const words = data ? installedWords(data) : null;
  if (words === null) return null;
  return (
    <>
      <Notice
        kind="info"
        live
        actions={
          <Button isDisabled={restart.isPending || restart.isSuccess} onPress={() => restart.mutate()}>
            Restart now
          </Button>
        }
      >
        {words} It starts by itself while nobody is signed in. You can sign in and work on without it.
      </Notice>
      {restart.isError ? <ErrorState failure={failureOf(restart.error)} title="not restarted" /> : null}
    </>
  );
}

import type { Ref } from "react";
import { PasswordField } from "../account/PasswordField";
import { TextField } from "../design/TextField";

export interface CredentialFieldsProps {
  readonly username: string;
  readonly onUsername: (username: string) => void;
  readonly password: string;
  readonly onPassword: (password: string) => void;
  readonly passwordBox: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

/** Who it is and what proves it, on every page where somebody signs in. */
export function CredentialFields({ username, onUsername, password, onPassword, passwordBox }: CredentialFieldsProps) {
  return (
    <>
      <TextField
        label="Username"
        value={username}
        onChange={onUsername}
        autoFocus
        autoComplete="username"
        maxLength={80}
      />
      <PasswordField
        label="Password"
        value={password}
        onChange={onPassword}
        autoComplete="current-password"
        ref={passwordBox}
      />
    </>
  );
}

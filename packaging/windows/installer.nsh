; Silent installation for a fleet: Lamplight-X.Y.Z-x64.exe /S /MANAGED=\\server\share\managed.json
; copies the managed configuration to where the app reads it; ordinary users may read it and not change it.

!include FileFunc.nsh

; Before anything is installed.
!macro customInit
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/MANAGED=" $R1
  ${IfNot} ${Errors}
  ${AndIfNot} ${FileExists} "$R1"
    DetailPrint "The managed configuration that /MANAGED names is not there."
    SetErrorLevel 2
    Quit
  ${EndIf}
!macroend

!macro customInstall
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/MANAGED=" $R1
  ${IfNot} ${Errors}
    SetShellVarContext all
    CreateDirectory "$APPDATA\Lamplight"
    ClearErrors
    CopyFiles /SILENT "$R1" "$APPDATA\Lamplight\managed.json"
    ${If} ${Errors}
      SetErrorLevel 2
      Abort "The managed configuration cannot be copied to $APPDATA\Lamplight."
    ${EndIf}
    ; System and administrators: everything. Users: read. Nothing inherited.
    nsExec::ExecToLog 'icacls "$APPDATA\Lamplight" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
    Pop $R2
  ${EndIf}
!macroend

!macro customUnInstall
  ; An update runs the old uninstaller first; the configuration stays for the new version.
  ${IfNot} ${isUpdated}
    SetShellVarContext all
    Delete "$APPDATA\Lamplight\managed.json"
    RMDir "$APPDATA\Lamplight"
  ${EndIf}
!macroend

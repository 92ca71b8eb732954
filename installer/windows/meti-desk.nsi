; meti-desk の Windows インストーラー（利用者ごと。管理者の権限は要りません）。
;   makensis -DVERSION=0.1.0 -DDIST=dist\meti-desk meti-desk.nsi
; DIST は meti-desk.exe のあるフォルダです。この文書は BOM 付き UTF-8 で保存します。

Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma

!ifndef VERSION
  !error "VERSION: makensis -DVERSION=0.1.0 -DDIST=dist\meti-desk meti-desk.nsi"
!endif
!ifndef DIST
  !error "DIST: makensis -DVERSION=0.1.0 -DDIST=dist\meti-desk meti-desk.nsi"
!endif

!define VERB "Software\Classes\*\shell\METI.Label"
!define REMOVAL "Software\Microsoft\Windows\CurrentVersion\Uninstall\meti-desk"

Name "情報取扱いデスク"
OutFile "meti-desk-${VERSION}-setup.exe"
; 置き場所は選べません。取り除くときに、ほかのものを消さないためです。
InstallDir "$LOCALAPPDATA\Programs\meti-desk"

Page components
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

LoadLanguageFile "${NSISDIR}\Contrib\Language files\Japanese.nlf"
LoadLanguageFile "${NSISDIR}\Contrib\Language files\English.nlf"
LangString RIGHT_CLICK 1041 "格付して保護…"
LangString RIGHT_CLICK 1033 "Label and protect…"

; エクスプローラーに、関連付けが変わったことを知らせます。
!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section "情報取扱いデスク（meti-desk）"
  SectionIn RO
  SetOutPath "$INSTDIR"
  File /r "${DIST}\*.*"
  CreateShortcut "$SMPROGRAMS\情報取扱いデスク.lnk" "$INSTDIR\meti-desk.exe"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${REMOVAL}" "DisplayName" "情報取扱いデスク"
  WriteRegStr HKCU "${REMOVAL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${REMOVAL}" "DisplayIcon" '"$INSTDIR\meti-desk.exe",0'
  WriteRegStr HKCU "${REMOVAL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${REMOVAL}" "NoModify" 1
  WriteRegDWORD HKCU "${REMOVAL}" "NoRepair" 1
SectionEnd

Section "右クリック「格付して保護…」"
  WriteRegStr HKCU "${VERB}" "MUIVerb" "$(RIGHT_CLICK)"
  WriteRegStr HKCU "${VERB}" "MultiSelectModel" "Player"
  WriteRegStr HKCU "${VERB}" "Icon" '"$INSTDIR\meti-desk.exe",0'
  WriteRegStr HKCU "${VERB}\command" "" '"$INSTDIR\meti-desk.exe" -- "%1"'
  !insertmacro TellExplorer
SectionEnd

Section "Uninstall"
  DeleteRegKey HKCU "${VERB}"
  DeleteRegKey HKCU "${REMOVAL}"
  Delete "$SMPROGRAMS\情報取扱いデスク.lnk"
  ; 記録（暗号化した取扱記録）は別のフォルダにあり、消しません。
  IfFileExists "$INSTDIR\meti-desk.exe" 0 told
  RMDir /r "$INSTDIR"
told:
  !insertmacro TellExplorer
SectionEnd

import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink,
  createAll,
  isSupported,
} from "govuk-frontend";
import { copyButtons } from "./copy.mjs";
import { idleWarning } from "./idle.mjs";
import { livePreviews } from "./preview.mjs";
import { printButtons } from "./print.mjs";
import { unsavedChanges } from "./unsaved.mjs";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

if (isSupported()) {
  for (const component of [
    Button,
    CharacterCount,
    Checkboxes,
    ErrorSummary,
    NotificationBanner,
    PasswordInput,
    Radios,
    SkipLink,
  ]) {
    createAll(component, component === Button ? { preventDoubleClick: true } : undefined);
  }
}
copyButtons();
idleWarning();
livePreviews();
printButtons();
unsavedChanges();

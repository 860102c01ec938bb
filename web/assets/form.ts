// Pages with record forms: the islands of a form, and the keys and guards that belong to the page.
import "./inputs/file-field.ts";
import "./form/line-items.ts";
import { RecordForm } from "./form/record-form.ts";

/** The form in the open dialog comes before the one on the page. */
function present(): RecordForm | undefined {
  const found = document.querySelector("dialog[open] record-form") ?? document.querySelector("record-form");
  return found instanceof RecordForm ? found : undefined;
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (event.key !== "s" && event.key !== "Enter") return;
  const form = present();
  if (!form) return;
  event.preventDefault();
  form.press(event.key === "s" ? "save" : "submit");
});

addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("record-form")].some((each) => each instanceof RecordForm && each.isDirty)) event.preventDefault();
});

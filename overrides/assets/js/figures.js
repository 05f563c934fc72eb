/* Figures can be enlarged: a click on one, or its button, shows it over the page; Esc or another click closes it. */

const dialog = document.createElement("dialog")
dialog.className = "figure-dialog"
dialog.setAttribute("aria-label", "放大的图")

const close = document.createElement("button")
close.type = "button"
close.textContent = "×"
close.setAttribute("aria-label", "关闭")

const stage = document.createElement("div")
stage.className = "figure-stage md-typeset"
stage.tabIndex = 0 // scrolls with the arrow keys
stage.setAttribute("role", "group")
stage.setAttribute("aria-label", "可滚动")

dialog.append(close, stage)
dialog.addEventListener("click", () => dialog.close())
dialog.addEventListener("close", () => stage.replaceChildren())
document.body.append(dialog)

function show(figure) {
  const copy = figure.cloneNode(true)
  copy.querySelector(".figure-enlarge").remove()
  stage.replaceChildren(copy)
  dialog.showModal()
  close.focus()
}

for (const figure of document.querySelectorAll("article .figure")) {
  const picture = figure.querySelector(".drawing-box, img")
  if (!picture || picture.closest("a")) continue
  const button = document.createElement("button")
  button.type = "button"
  button.className = "figure-enlarge"
  button.textContent = "⤢"
  button.title = "放大"
  button.setAttribute("aria-label", "放大这张图")
  button.setAttribute("aria-haspopup", "dialog")
  figure.append(button)
  for (const pressed of [button, picture]) pressed.addEventListener("click", () => show(figure))
}

"""Formulas against KaTeX itself: HTML, readable text, cache, failures of Node, the extension, the assets."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from handbook import formulas, pipeline, registry
from handbook.formulas import USUAL, Formula, Katex, KatexError, assets, install, readable
from markdown import Markdown
from markdown_katex import extension, wrapper

from tools import fonts

PACKAGE = Path(__file__).parents[1] / "node_modules/katex"
HALVES = Path(__file__).parents[1] / "overrides/assets/katex/fonts"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not on the PATH"),
    pytest.mark.skipif(not PACKAGE.exists(), reason="npm ci has not run"),
]

READABLE = [
    # scripts
    ("O(n^2)", "O(n²)"),
    ("x_i", "xᵢ"),
    ("x_{i,j}^{(l+1)}", "x_(i,j)⁽ˡ⁺¹⁾"),
    ("d_{\\text{model}} = d_{model}", "d_model = d_model"),
    ("t_{total} n_{kv}", "t_total nₖᵥ"),
    ("W_i^Q W_i^K", "Wᵢ^Q Wᵢᴷ"),
    ("2^{-8h/H}", "2^(−8h/H)"),
    ("e^{i\\pi}+1=0", "e^(iπ) + 1 = 0"),
    ("f'(x), f''(x), x_i', \\theta^*", "f′(x), f″(x), xᵢ′, θ*"),
    ("90^\\circ \\le \\theta", "90° ≤ θ"),
    ("2^{2^n}", "2^(2ⁿ)"),
    ("(a+b)^2 {\\frac ab}^2", "(a + b)²(a/b)²"),
    # fractions and roots
    ("\\text{softmax}\\left(\\frac{QK^\\top}{\\sqrt{d_k}}\\right)V", "softmax(QKᵀ/√dₖ)V"),
    ("\\mathrm{softmax}\\Big(\\frac{QK^\\top}{\\sqrt{d_k}}+M\\Big)V", "softmax(QKᵀ/√dₖ + M)V"),
    ("\\frac{a+b}{2c}", "(a + b)/(2c)"),
    ("\\frac{a}{b}c", "(a/b)c"),
    ("x\\frac12", "x(1/2)"),
    ("-\\tfrac{1}{2}", "−1/2"),
    ("\\frac{\\frac ab}{c}", "(a/b)/c"),
    ("\\frac{\\partial y}{\\partial x}", "∂y/∂x"),
    ("\\frac{|A\\cap B|}{\\lVert g\\rVert_2}", "|A ∩ B|/‖g‖₂"),
    ("\\frac{f(x)}{g(x)}", "f(x)/g(x)"),
    ("\\sqrt{d_{model}}", "√(d_model)"),
    ("\\sqrt{p(1-p)}", "√(p(1 − p))"),
    ("\\sqrt{x}y", "√(x)y"),
    ("\\sqrt[3]{x}", "∛x"),
    ("\\binom{n}{k}p^k", "C(n, k)pᵏ"),
    # operators, words and spaces
    ("O(n\\log n)", "O(n log n)"),
    ("\\log_2 n", "log₂ n"),
    ("\\mathrm{LN}(x+\\mathrm{Sublayer}(x))", "LN(x + Sublayer(x))"),
    ("\\operatorname*{arg\\,max}_{\\theta} L", "arg max_θ L"),
    ("\\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
    ("\\frac1T\\sum_{t}\\log p_\\theta(x_t\\mid x_{<t})", "(1/T)∑ₜ log p_θ(xₜ|x_(<t))"),
    ("\\int_0^1 f(x)\\,dx", "∫₀¹ f(x) dx"),
    ("\\lim_{n\\to\\infty} a_n", "lim_(n→∞) aₙ"),
    ("|-x|-|y|", "|−x| − |y|"),
    ("x \\bmod 3", "x mod 3"),
    ("1{,}000 \\times 10\\%", "1,000×10%"),
    # letters
    ("\\alpha,\\beta,\\Gamma,\\epsilon", "α, β, Γ, ε"),
    ("W\\in\\mathbb{R}^{d\\times k}", "W ∈ ℝ^(d×k)"),
    ("\\mathcal{L}, \\mathcal{P}, \\mathbf{q}^\\top\\mathbf{k}", "ℒ, 𝒫, qᵀk"),
    ("\\hat{y}, \\bar{x}_i, \\vec{v}, \\widehat{AB}", "ŷ, x̄ᵢ, v⃗, hat(AB)"),
    ("\\text{注意力}V = 权重", "注意力 V = 权重"),
    # rows and columns
    ("\\begin{pmatrix}a&b\\\\c&d\\end{pmatrix}", "(a, b; c, d)"),
    ("\\begin{cases}0,&j\\le i\\\\-\\infty,&j>i\\end{cases}", "{0, j ≤ i; −∞, j > i}"),
    ("\\begin{aligned}a&=b\\\\&=c\\end{aligned}", "a = b; = c"),
    ("E=mc^2 \\tag{1}", "E = mc² (1)"),
    ("\\underbrace{W_0x}_{\\text{冻结}}", "(W₀x)_冻结"),
]
MORE = [
    r"\color{red}x",
    r"\xrightarrow{f}",
    r"\$5",
    "x<y & z",
    r"\text{a \& b < c}",
    r"\big(x\big)",
    "a\nb",
    "a\\ ",
]
FORMULAS = [Formula(tex, True) for tex, _ in READABLE]
FORMULAS += [Formula(tex, False) for tex, _ in READABLE if "tag" not in tex]
FORMULAS += [Formula(tex, False) for tex in MORE if "&" not in tex or "text" in tex]

# The oracle: KaTeX in a process of its own, a fresh one for the whole list, called without our worker.
ORACLE = """
const katex = require(process.argv[1]);
const list = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(list.map(([tex, displayMode]) => {
  try { return katex.renderToString(tex, { displayMode, strict: false }); }
  catch (error) { return error.message; }
})));
"""


def oracle(wanted: list[Formula]) -> list[str]:
    request = json.dumps([[formula.tex, formula.display] for formula in wanted])
    command = ["node", "-e", ORACLE, str(PACKAGE)]
    answer = subprocess.run(command, input=request, capture_output=True, encoding="utf-8", check=True)
    rendered: list[str] = json.loads(answer.stdout)
    return rendered


@pytest.fixture
def katex(tmp_path: Path) -> Iterator[Katex]:
    with Katex(tmp_path / "cache" / "katex.sqlite", PACKAGE) as katex:
        yield katex


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with Katex(tmp_path_factory.mktemp("cache") / "katex.sqlite", PACKAGE) as katex:
        rendered = katex.render([Formula(tex, True) for tex, _ in READABLE])
    assert [one.error for one in rendered] == [None] * len(READABLE)
    return {tex: one.text for (tex, _), one in zip(READABLE, rendered, strict=True)}


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo `install` after the test."""
    monkeypatch.setattr(wrapper, "tex2html", wrapper.tex2html)
    monkeypatch.setattr(wrapper, "_PARSED_OPTIONS", {})
    monkeypatch.setattr(extension.KatexPreprocessor, "_iter_out_lines", extension.KatexPreprocessor._iter_out_lines)


# --- rendering ---


def test_html_is_katex_own(katex: Katex) -> None:
    rendered = katex.render(FORMULAS)
    assert [one.html for one in rendered] == oracle(FORMULAS)
    assert [one.error for one in rendered] == [None] * len(FORMULAS)


def test_html_is_that_of_the_command_line(katex: Katex) -> None:
    tex = READABLE[12][0]
    command = ["node", str(PACKAGE / "cli.js"), "--display-mode"]
    html = subprocess.run(command, input=tex, capture_output=True, encoding="utf-8", check=True).stdout
    assert katex.render([Formula(tex, True)])[0].html == html.strip()


def test_mathml_is_well_formed_and_keeps_the_source(katex: Katex) -> None:
    for formula, one in zip(FORMULAS, katex.render(FORMULAS), strict=True):
        math = ElementTree.fromstring(one.html[one.html.index("<math") : one.html.index("</math>") + 7])
        assert math.findtext(".//{*}annotation") == formula.tex
        assert one.html.startswith('<span class="katex-display">') is formula.display


@pytest.mark.parametrize("tex", ["\\frac{", "\\nosuch", "x^1^2", "\\begin{cases}a", "<b>\\oops</b>"])
def test_wrong_formula_is_its_source_and_katex_message(katex: Katex, tex: str) -> None:
    good, wrong, good_too = katex.render([Formula("x", False), Formula(tex, True), Formula("y", False)])
    assert good.error is None and good_too.error is None
    assert wrong.error == oracle([Formula(tex, True)])[0]
    shown = ElementTree.fromstring(wrong.html)
    assert shown.text == wrong.text == f"$${tex}$$"
    assert (shown.tag, shown.get("class"), shown.get("title")) == ("code", "formula-error", wrong.error)


@pytest.mark.parametrize(
    "tex",
    [
        "\\href{https://example.org}{x}",
        "\\includegraphics{a.png}",
        "\\htmlClass{a}{x}",
        "\\htmlStyle{a:b}{x}",
    ],
)
def test_formula_may_not_link_load_or_style(katex: Katex, tex: str) -> None:
    [one] = katex.render([Formula(tex, False)])
    assert one.error is not None and tex[: tex.index("{")] in one.error
    assert "href=" not in one.html and "src=" not in one.html


def test_end_of_a_formula_does_not_vanish_as_a_comment(katex: Katex) -> None:
    wrong, right, with_comment = katex.render([Formula(tex, False) for tex in ("50%", "50\\%", "50 % half\n+1")])
    assert wrong.error is not None and "comment" in wrong.error
    assert (right.text, with_comment.text) == ("50%", "50 + 1")


def test_macros_do_not_leak(katex: Katex) -> None:
    define, use, again = katex.render([Formula(tex, False) for tex in ("\\gdef\\own{x}\\own", "\\own", "\\own y")])
    assert define.error is None
    assert use.error is not None and again.error is not None


def test_what_prints_or_overflows_leaves_the_process_in_order(katex: Katex) -> None:
    """KaTeX's \\show and \\message write to stdout, where the answers go."""
    odd = [
        "\\show x",
        "\\message{hi}x",
        "\\errmessage{hi}x",
        "{" * 20_000,
        "\\def\\a{\\a\\a}\\a",
        "\u2028",
        "😀",
        "\uffff",
        "\\verb|\x08|",
    ]
    rendered = katex.render([Formula(tex, False) for tex in [*odd, "x"]])
    assert rendered[-1].html == oracle([Formula("x", False)])[0]
    assert [tex for tex, one in zip(odd, rendered, strict=False) if one.error] == odd[3:6]


def test_what_is_not_yet_in_the_file_is_known(katex: Katex, tmp_path: Path) -> None:
    for _ in range(2):
        for number in range(formulas.AT_ONCE + 1):
            katex.render([Formula(f"x_{{{number}}}", False)])
        with sqlite3.connect(tmp_path / "cache" / "katex.sqlite") as database:
            assert database.execute("SELECT count(*) FROM formulas").fetchone() == (formulas.AT_ONCE,)
    assert (katex.rendered, katex.cached) == (formulas.AT_ONCE + 1,) * 2


def test_duplicates_are_rendered_once(katex: Katex) -> None:
    twice = [Formula("x", False), Formula("x", True), Formula("x", False)]
    rendered = katex.render(twice)
    assert rendered[0] == rendered[2] != rendered[1]
    assert (katex.rendered, katex.cached) == (2, 0)
    assert katex.render([]) == []


# --- readable text ---


@pytest.mark.parametrize(("tex", "text"), READABLE, ids=[tex for tex, _ in READABLE])
def test_readable(texts: dict[str, str], tex: str, text: str) -> None:
    assert texts[tex] == text


def test_readable_takes_mathml_alone() -> None:
    assert readable("<math><msup><mi>x</mi><mn>2</mn></msup></math>") == "x²"
    with pytest.raises(ValueError, match="no <math>"):
        readable("<p>x</p>")


# --- ahead ---


def test_a_rough_look_finds_formulas() -> None:
    text = """行内 $x_1$ 与 $ x $、$5 和 $6 美元、\\$7、`$code$`、$a$b$、$2$3。

$$
E = mc^2
$$

> [!note] 标注 $t$
> $$a
> +b$$

```sh
echo $HOME $PATH
```
一行 $$z$$ 与 $50\\%$
"""
    shown = [(one.tex, one.display) for one in formulas.likely(text)]
    assert shown == [
        ("x_1", False), ("a", False), ("E = mc^2", True), ("t", False), ("a\n+b", True), ("z", True), ("50\\%", False),
    ]  # fmt: skip


def test_nearly_all_formulas_are_found_by_it() -> None:
    """Those of a section as they stand between the dollar signs, told from code by the real pass."""
    for path in sorted((Path(__file__).parents[1] / "docs" / "attention").glob("*.md")):
        note, _ = registry.read_note(path.name, path.read_text("utf-8"), str)
        real = pipeline.normalise(note, registry.Vault([note]), {}, None).formulas
        assert len({*real} & {*formulas.likely(path.read_text("utf-8"))}) >= 0.95 * len({*real}), path.name


# --- cache ---


def test_second_build_renders_nothing_and_starts_no_node(katex: Katex, tmp_path: Path, monkeypatch: Any) -> None:
    wanted = [Formula("x^2", False), Formula("\\frac{", True), Formula("中文", False)]
    first = katex.render(wanted)
    katex.close()
    monkeypatch.setenv("PATH", "")
    with Katex(tmp_path / "cache" / "katex.sqlite", PACKAGE) as second:
        assert second.render(wanted) == first
        assert (second.rendered, second.cached) == (0, 3)
        with pytest.raises(KatexError, match=r"^Node is missing: .*\.$"):
            second.render([Formula("new", False)])


def test_another_version_or_mode_is_another_entry(katex: Katex, tmp_path: Path) -> None:
    katex.render([Formula("x", False)])
    katex.render([Formula("x", True)])
    assert (katex.rendered, katex.cached) == (2, 0)
    katex.close()
    other = tmp_path / "katex"
    shutil.copytree(PACKAGE / "dist", other / "dist")
    (other / "package.json").write_text('{"version": "99.0.0"}', "utf-8")
    with Katex(tmp_path / "cache" / "katex.sqlite", other) as newer:
        newer.render([Formula("x", False)])
        assert (newer.rendered, newer.cached) == (1, 0)


@pytest.mark.parametrize("damage", ["text", "truncated", "empty"])
def test_corrupt_cache_starts_anew(katex: Katex, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str) -> None:
    path = tmp_path / "cache" / "katex.sqlite"
    wanted = [Formula(f"x_{{{n}}}", True) for n in range(20)]
    first = katex.render(wanted)
    katex.save()
    whole = path.read_bytes()
    path.write_bytes({"text": b"no database " * 1000, "truncated": whole[: len(whole) // 2], "empty": b""}[damage])
    with caplog.at_level(logging.INFO):
        assert katex.render(wanted) == first
        katex.save()
    assert katex.rendered == 40
    assert [record.levelname for record in caplog.records] == ([] if damage == "empty" else ["INFO"])
    assert ("is corrupt" in caplog.text) is (damage != "empty")
    assert katex.render(wanted) == first
    assert katex.cached == 20


def test_cache_that_cannot_be_used_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        Katex(tmp_path, PACKAGE) as katex,
        caplog.at_level(logging.INFO),
    ):  # a folder where the file should be
        assert katex.render([Formula("x", False)])[0].error is None
        katex.save()
    assert f"going on without the cache {tmp_path}" in caplog.text


def test_two_builds_at_once(tmp_path: Path) -> None:
    """Four processes fill one cache with overlapping formulas; none fails, nothing is lost."""
    path = tmp_path / "katex.sqlite"
    script = (
        "import sys; from pathlib import Path; from handbook.formulas import *\n"
        "with Katex(Path(sys.argv[1]), Path(sys.argv[2])) as katex:\n"
        "    for n in range(int(sys.argv[3]), 60, 5):\n"
        "        wanted = [Formula(f'x_{i}', False) for i in range(n, n + 9)]\n"
        "        assert not any(one.error for one in katex.render(wanted))\n"
        "        katex.save()"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(formulas.__file__).parents[1])}
    builds = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, path, PACKAGE, str(n)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    for build in builds:
        _, stderr = build.communicate(timeout=120)
        assert (build.returncode, stderr) == (0, "")
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM formulas").fetchone()[0] >= 60


# --- failures of Node ---


def test_package_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KatexError, match=r"^KaTeX is missing: .*npm ci.*\.$"):
        Katex(tmp_path / "katex.sqlite", tmp_path)


def test_node_that_died_is_started_again(katex: Katex) -> None:
    katex.render([Formula("x", False)])
    first = katex._node
    assert first is not None
    first.kill()
    first.wait()
    assert katex.render([Formula("y", False)])[0].error is None
    assert katex._node is not None and katex._node is not first


def test_node_that_cannot_work_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"version": "1.0.0"}', "utf-8")
    with (
        Katex(tmp_path / "katex.sqlite", tmp_path) as katex,
        pytest.raises(KatexError, match=r"^Node stopped twice .*katex\.mjs.*\.$"),
    ):
        katex.render([Formula("x", False)])


def test_one_node_that_ends_with_close(katex: Katex) -> None:
    katex.render([Formula("x", False)])
    first = katex._node
    katex.render([Formula("y", False)])
    assert katex._node is first
    katex.close()
    assert first is not None and first.returncode == 0
    katex.close()
    assert katex.render([Formula("z", False)])[0].error is None


# --- the extension ---


def build(text: str) -> str:
    options = {"markdown_katex": {"insert_fonts_css": False}}
    names = ["markdown_katex", "pymdownx.superfences", "tables"]
    return Markdown(extensions=names, extension_configs=options).convert(text)


@pytest.mark.usefixtures("stock")
def test_extension_shows_tokens_and_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapper, "CACHE_DIR", tmp_path / "mdkatex")
    monkeypatch.setattr(wrapper, "get_bin_cmd", lambda: pytest.fail("the extension looks for a katex program"))
    install({"m1": "<i>old</i>"}.get)
    install({"m1": "<i>one</i>", "m2": "<b>two</b>"}.get)  # as at a rebuild
    html = build("a $`m1`$ and $`m2`$, $`m1`$\n\n> - $`m2`$\n\n| a |\n|---|\n| $`m1`$ |\n")
    assert html.count("<i>one</i>") == 3
    assert html.count("<b>two</b>") == 2
    assert "old" not in html and "tmp_" not in html
    assert not (tmp_path / "mdkatex").exists()
    assert wrapper.tex2html("m1") == "<i>one</i>"
    assert wrapper.tex2html("a<b") == "$`a&lt;b`$"


@pytest.mark.usefixtures("stock")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```sh\necho $`ls`$\n```", "echo</span>$<span"),
        ("`` $`x`$ ``", "<code>$`x`$</code>"),
        ("> ```text\n> $`x<y`$\n> ```", "$`x&lt;y`$"),
        ("    $`x`$", "<code>$`x`$\n</code>"),
        ("costs $`x`", "costs $<code>x</code>"),
        ("`x`$", "<code>x</code>$"),
        ("```math\nx\n```", "x"),
        ("```x``` is code\n\n$`known`$", "<p>KNOWN</p>"),
        ("````text\n$`x`$\n`````\n\n$`known`$", "<p>KNOWN</p>"),
    ],
)
def test_code_keeps_its_bytes_and_hides_no_formula(text: str, expected: str) -> None:
    install({"known": "KNOWN"}.get)
    html = build(text)
    assert expected in html.replace('<span class="w"> </span>', "")
    assert "tmp_" not in html


# --- what the site serves ---


def test_assets_are_the_stylesheet_and_its_woff2_fonts() -> None:
    files = dict(assets(PACKAGE))
    css = files["katex.min.css"].decode()
    stock = (PACKAGE / "dist/katex.min.css").read_text("utf-8")
    whole = {f"fonts/{path.name}" for path in (PACKAGE / "dist/fonts").glob("*.woff2") if path.stem not in USUAL}
    halves = {f"fonts/{path.name}" for path in HALVES.glob("*")}
    assert set(files) == whole | {"katex.min.css", "LICENSE"}
    assert len(halves) == 2 * len(USUAL)
    assert set(re.findall(r"url\(([^)]*)\)", css)) == whole | halves
    assert css.count("url(") == css.count("@font-face{") == stock.count("@font-face{") + len(USUAL)
    assert ".woff)" not in css and ".ttf" not in css and "//" not in css
    assert css.partition("}.katex{")[2] == stock.partition("}.katex{")[2] != ""
    assert all(files[font].startswith(b"wOF2") for font in whole)


def test_the_halves_of_a_font_are_current_and_draw_all_that_it_does() -> None:
    made = fonts.halves()
    assert made == {path.name: path.read_bytes() for path in HALVES.iterdir()}
    css = dict(assets(PACKAGE))["katex.min.css"].decode()
    for name in USUAL:
        whole = fonts.characters((PACKAGE / f"dist/fonts/{name}.woff2").read_bytes())
        drawn_by = {half: fonts.characters(made[f"{name}.{half}.woff2"]) for half in ("usual", "rest")}
        assert drawn_by["usual"] | drawn_by["rest"] == whole
        assert min(map(len, drawn_by.values())) > 20
        for half, drawn in drawn_by.items():
            ranges = re.search(rf"{name}\.{half}\.woff2[^}}]*;unicode-range:([^}}]*)}}", css)
            assert ranges
            spans = [span.removeprefix("U+").split("-") for span in ranges[1].split(",")]
            said = {code for low, *high in spans for code in range(int(low, 16), int(high[0] if high else low, 16) + 1)}
            assert drawn <= said
            assert not said & (whole - drawn)

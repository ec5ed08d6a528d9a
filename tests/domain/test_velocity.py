"""The template language of mapping templates, by itself."""

from __future__ import annotations

import time
from typing import Any

import pytest

from idp.domain.velocity import MalformedTemplate, TemplateFailed, parse_template


def rendered(template: str, **variables: Any) -> str:
    return parse_template(template).render(variables)


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("plain text, $ 5, # and $5", "plain text, $ 5, # and $5"),
        ("$name", "Ann"),
        ("${name}s and $!{name}", "Anns and Ann"),
        ("$name.", "Ann."),
        ("$missing|$!missing|${missing.at.all}", "||"),
        ("\\$name \\#if \\x", "$name #if \\x"),
        ("a ## comment\nb #* block\ncomment *#c", "a b c"),
        ("$map.a.b $map['a']['b'] $list[0] $list[-1]", "1 1 x y"),
        ("$list[7]$map.c.d", ""),
        ("$true_value $false_value", "true false"),
    ],
)
def test_references_and_text(template: str, output: str) -> None:
    values = {"map": {"a": {"b": 1}}, "list": ["x", "y"], "true_value": True, "false_value": False}
    assert rendered(template, name="Ann", **values) == output


@pytest.mark.parametrize(
    ("expression", "output"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("7 % 2", "1"),
        ("7 / 0", ""),
        ("'a' + 1", "a1"),
        ('"$name!"', "Ann!"),
        ("'$name'", "$name"),
        ('"a ""b"" c"', 'a "b" c'),
        ("[1, 'a', true, null]", '[1,"a",true,null]'),
        ("[1..3]", "[1,2,3]"),
        ("[3..1]", "[3,2,1]"),
        ('{"a": 1, "b": {}}', "{a=1, b={}}"),
        ("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "true"),
        ("1 == 1 and 1 != 2", "true"),
        ("!true || false", "false"),
        ("not $missing", "true"),
        ("'a' < 1", "false"),
        ("1.5 + 1", "2.5"),
    ],
)
def test_expressions(expression: str, output: str) -> None:
    assert rendered(f"#set($x = {expression})$x", name="Ann") == output


@pytest.mark.parametrize(
    ("call", "output"),
    [
        ("$text.length()", "5"),
        ("$text.toUpperCase().substring(1, 3)", "EL"),
        ("$text.replace('l', 'L')", "heLLo"),
        ("$text.replaceAll('l+', '<$0>')", "he<ll>o"),
        ("$text.replaceAll('(h)(e)', '$2$1')", "ehllo"),
        ("$text.contains('ell') $text.startsWith('x') $text.indexOf('l')", "true false 2"),
        ("$text.split('l')", '["he","","o"]'),
        ("$text.matches('[a-z]+')", "true"),
        ("$map.keySet() $map.size() $map.containsKey('a')", '["a"] 1 true'),
        ("#foreach($e in $map.entrySet())$e.key:$e.value#end", "a:1"),
        ("#set($x = $list.add('z'))$list.size() $list.get(1) $list.contains('z')", "2 z true"),
        ("#set($x = $map.put('b', 2))$map.b", "2"),
        ("$missing.anything('x').else", ""),
    ],
)
def test_methods(call: str, output: str) -> None:
    assert rendered(call, text="hello", map={"a": 1}, list=["x"]) == output


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("#if($a == 1)one#elseif($a == 2)two#else many#end", "two"),
        ("#if($missing)a#{else}b#end", "b"),
        ("#if('')empty text is true#end", "empty text is true"),
        ("#foreach($i in [1..3])$foreach.index/$foreach.count#if($foreach.hasNext) #end#end", "0/1 1/2 2/3"),
        ("#foreach($i in [1..9])#if($i > 2)#break#end$i#end.", "12."),
        ("#foreach($v in {'a': 1, 'b': 2})$v#end", "12"),
        ("#foreach($x in 7)never#end", ""),
        ("#foreach($i in [1, 2])#foreach($j in [1, 2])$i$j #end#end", "11 12 21 22 "),
        ("#set($x.y = 1)$x.y", ""),
        ("#set($m = {})#set($m.a = 1)#set($m['b'] = 2)$m", "{a=1, b=2}"),
        ("{\n#set($x = 1)\n#if(true)\n  $x\n#end\n}", "{\n  1\n}"),
    ],
)
def test_directives(template: str, output: str) -> None:
    assert rendered(template, a=2) == output


@pytest.mark.parametrize(
    "template",
    [
        "#if(true)",
        "#end",
        "#else",
        "#set($x 1)",
        "#set($x = )",
        "#foreach($x of [1])#end",
        "#if(1",
        "${name",
        "$name['x'",
        "#set($x = 'open)",
        '#set($x = "#end")',
        "#if(true)#if(true)#end",
        "#set($x = " + "(" * 1000 + "1",
        "#if(true)" * 1000,
        "#set($x = " + "!" * 1000 + "true)",
        "x" * 400_000,
    ],
)
def test_what_is_no_template_says_where(template: str) -> None:
    with pytest.raises(MalformedTemplate, match=r"line \d+ of the template"):
        parse_template(template)


@pytest.mark.parametrize(
    "template",
    [
        "#set($x = 'a')#foreach($i in [1..100])#set($x = $x + $x)#end",
        '#set($x = "a")#foreach($i in [1..100])#set($x = "$x$x")#end',
        "#foreach($a in [1..999])#foreach($b in [1..999])#foreach($c in [1..999])x#end#end#end",
        "#set($m = {})#set($x = $m.put('m', $m))$m",
        "#set($l = [])#set($x = $l.add($l))$l",
        "#set($x = [1..100000])",
        "#set($x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')$x.replaceAll('(a|aa)+b', '')",
        "#set($x = 'a')$x.nothing()",
        "#set($x = 'a')$x.substring('b')",
    ],
)
def test_a_template_cannot_run_away(template: str) -> None:
    started_at = time.monotonic()
    with pytest.raises(TemplateFailed):
        rendered(template)
    assert time.monotonic() - started_at < 5


@pytest.mark.parametrize("name", ["__class__", "__init__", "format", "encode", "items", "pop"])
def test_a_template_reaches_nothing_of_python(name: str) -> None:
    assert rendered(f"$text.{name}$map.{name}$list.{name}", text="a", map={}, list=[]) == ""
    with pytest.raises(TemplateFailed):
        rendered(f"$text.{name}()", text="a")

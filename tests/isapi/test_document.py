"""Test reading XML and JSON into one tree."""

from collections.abc import Iterator
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.hikvision_anpr.isapi.document import (
    is_complete,
    parse_document,
    parse_documents,
)
from custom_components.hikvision_anpr.isapi.errors import BadAnswerError
from custom_components.hikvision_anpr.isapi.node import MAX_DEPTH, Node

from .fixtures import ALL_DOCUMENTS, FUZZ, document


def texts(node: Node) -> Iterator[str]:
    """Yield every text of a tree."""
    yield node.text
    for child in node.nodes():
        yield from texts(child)


def depth(node: Node) -> int:
    """Return how many elements hang below each other."""
    return 1 + max(map(depth, node.nodes()), default=0)


def as_tree(node: Node) -> object:
    """Return names and texts of a tree, for comparison."""
    return node.name.lower(), node.text, [as_tree(child) for child in node.nodes()]


@pytest.mark.parametrize(
    "body",
    [
        b"<Root><one>1</one><Two>a</Two><two>b</two></Root>",
        b'<?xml version="1.0"?><Root><one>1</one><Two>a</Two><two>b</two></Root>',
        b'<Root xmlns="urn:x"><one> 1\r\n</one><Two>a</Two><two>b</two></Root>',
        b'<n:Root xmlns:n="urn:x"><n:one>1</n:one><Two>a</Two><two>b</two></n:Root>',
        b"<n:Root><n:one>1</n:one><n:Two>a</n:Two><two>b</two></n:Root>",
        b"<Root><one >1</one ><Two x='1' >a</Two><two>b</two></Root >",
        b"\xef\xbb\xbf<Root><one>1</one><Two>a</Two><two>b</two></Root>",
        b"\r\n\r\n <?xml version='1.0'?>\n<Root><one>1</one><Two>a</Two><two>b</two></Root>",
        b"<Root><!-- no --><one><![CDATA[1]]></one><Two>a</Two><two>b</two></Root>",
        b"<!-- <Root></Root> --><Root><one>1</one><Two>a</Two><two>b</two></Root>",
        b"<Root><?no?><one>1<!-- 2 --></one><Two>a</Two><two>b</two></Root>\0\0",
        b'{"Root": {"one": 1, "Two": ["a", "b"]}}',
        b'\xef\xbb\xbf \r\n{"Root": {"one": " 1 ", "Two": "a", "two": "b"}}\r\n',
        b'[{"Root": {"one": "1", "Two": ["a", "b"]}}]',
    ],
)
def test_every_spelling_gives_the_same_tree(body: bytes) -> None:
    """Read namespaces, prefixes, blanks, prologs, byte order marks and JSON alike."""
    node = parse_document(body)
    assert as_tree(node) == (
        "root",
        "",
        [("one", "1", []), ("two", "a", []), ("two", "b", [])],
    )
    assert node.name == "Root"
    assert is_complete(body)


def test_node_is_asked_without_regard_to_case() -> None:
    """Find children by path, by name and at any depth."""
    node = parse_document(
        b"<Root><One><TWO>2</TWO><two>3</two><blank> </blank></One></Root>"
    )
    assert node.value("one", "two") == "2"
    assert [child.text for child in node.every("ONE")[0].every("Two")] == ["2", "3"]
    assert node.child("one", "none", "two") is None
    assert node.value("one", "blank") is None
    assert not node.every("none")
    assert (found := node.find("tWo")) and found.text == "2"
    assert node.find("root") is node
    assert node.find("three") is None
    assert node.child() is node


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("-1", -1),
        (" 96.4 ", 96),
        ("0x10", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("1e15", 10**15),
        ("9007199254740993", None),
        ("20260407081530412000001", None),
        ("yes", None),
    ],
)
def test_integer(text: str, number: int | None) -> None:
    """Read whole numbers, and none that a float would falsify."""
    node = parse_document(f"<a><b>{text}</b></a>".encode())
    assert node.integer("b") == number


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("true", True),
        ("TRUE", True),
        ("1", True),
        ("false", False),
        ("0", False),
        ("", None),
        ("yes", None),
    ],
)
def test_flag(text: str, flag: bool | None) -> None:
    """Read truth values in their spellings."""
    node = parse_document(f"<a><b>{text}</b></a>".encode())
    assert node.flag("b") is flag
    assert node.flag("c") is None


def test_json_scalars_are_text() -> None:
    """Write JSON scalars as XML would, long numbers without loss."""
    node = parse_document(
        b'{"true": true, "false": false, "null": null, "float": 0.10,'
        b' "long": 1234567890123456789012345, "nan": NaN, "list": [[1], {"a": 1}],'
        b' "empty": []}'
    )
    assert node.name == ""
    assert {child.name: child.text for child in node.nodes()} == {
        "true": "true",
        "false": "false",
        "null": "",
        "float": "0.10",
        "long": "1234567890123456789012345",
        "nan": "",
        "list": "",
    }
    assert node.every("list")[1].value("a") == "1"
    assert node.every("empty") == []


def test_long_numbers_stay_text() -> None:
    """Keep all 25 digits of a picture's name (trap 53)."""
    name = "1234567890123456789012345"
    assert parse_document(f"<a><b>{name}</b></a>".encode()).value("b") == name


def test_json_lone_surrogates_can_be_stored() -> None:
    """Replace what no database and no file could hold."""
    node = parse_document(b'{"a": "x\\ud800y", "\\udfff": 1}')
    assert node.value("a") == "x?y"
    assert [child.name for child in node.nodes()] == ["a", "?"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n",
        b"plain",
        b"<",
        b"<>",
        b"< a></a>",
        b"<1></1>",
        b"<a>",
        b"<a><b>1</b>",
        b"<?xml version='1.0'?>",
        b"<?xml version='1.0'",
        b"<!-- <a></a>",
        b'{"a": ',
        b'{"a": 1',
        b"[",
        b"[1, 2]",
        b"[[{}]]",
        b"\xff\xd8\xff\xe0JFIF",
        b"<a></b>",
        b"<a b='<'",
    ],
)
def test_nothing_to_understand(body: bytes) -> None:
    """Return nothing, and raise the one error where an answer is due."""
    assert parse_documents(body) == []
    with pytest.raises(BadAnswerError):
        parse_document(body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<a><b>Lane & ramp</b></a>", "Lane & ramp"),
        (b"<a><b>A&B;C&amp;D&#65;&#x42;&lt;</b></a>", "A&B;C&DAB<"),
        (b"<a><b>?a=1&b=2&copy;=3</b></a>", "?a=1&b=2&copy;=3"),
        ("<a><b>蓝皖A7</b></a>".encode("gbk"), "蓝皖A7"),
        ("<a><b>蓝 & 皖</b></a>".encode("gbk"), "蓝 & 皖"),
        (
            "<?xml version='1.0' encoding='GBK'?><a><b>蓝皖</b></a>".encode("gbk"),
            "蓝皖",
        ),
        (
            "<?xml version='1.0' encoding='GB2312'?><a><b>蓝 & 皖</b></a>".encode(
                "gbk"
            ),
            "蓝 & 皖",
        ),
        (
            "<?xml version='1.0' encoding='GBK'?><a><b>蓝 & 皖</b></a>".encode(),
            "蓝 & 皖",
        ),
        ("<?xml version='1.0' encoding='GBK'?><a><b>蓝皖</b></a>".encode(), "蓝皖"),
        ("<?xml version='1.0' encoding='gb18030'?><a><b>กข</b></a>".encode(), "กข"),
        ("<?xml version='1.0' encoding='UTF-16'?><a><b>蓝皖</b></a>".encode(), "蓝皖"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a><b>Ü</b></a>".encode(), "Ü"),
        # Bytes that are letters of UTF-8 as well.
        (
            "<?xml version='1.0' encoding='GB2312'?><a><b>鲁A1</b></a>".encode("gbk"),
            "鲁A1",
        ),
        ('{"a": {"b": "蓝皖A7"}}'.encode("gbk"), "蓝皖A7"),
        (b"<a><b><![CDATA[A & B]]></b><c>D & E</c></a>", "A & B"),
        (b"<a><b>caf\xe9</b></a>", "caf\N{REPLACEMENT CHARACTER}"),
        (b"<a><b>1\0</b></a>", "1"),
    ],
)
def test_faulty_documents_are_repaired(body: bytes, text: str) -> None:
    """Read bare ampersands, and encodings other than a document says (trap 23)."""
    assert parse_document(body).value("b") == text


ATTACKS = {
    "entity": b'<!DOCTYPE a [<!ENTITY x "BOOM">]><a><b>&x;</b></a>',
    "external": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    "network": b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a><b>BOOM</b></a>',
    "parameter": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://192.0.2.1/"> %x;]><a/>',
    "bomb": b"<!DOCTYPE a [<!ENTITY x0 'BOOM'>"
    + b"".join(b"<!ENTITY x%d '%s'>" % (n + 1, (b"&x%d;" % n) * 10) for n in range(12))
    + b"]><a>&x12;</a>",
    "prolog": b'<?xml version="1.0"?>\r\n<!DOCTYPE a [<!ENTITY x "BOOM">]><a>&x;</a>',
    "entity alone": b'<a><!ENTITY x "BOOM"><b>&x;</b></a>',
}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-be", "utf-7", "utf-32"]
)
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_expanded(attack: str, encoding: str) -> None:
    """Expand no entity and load nothing, whatever the encoding hides."""
    text = ATTACKS[attack].decode()
    for body in (
        text.encode(encoding),
        f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding),
        f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + text.encode(encoding),
    ):
        for node in parse_documents(body):
            assert all("BOOM" not in found for found in texts(node))


def test_document_type_is_refused() -> None:
    """Take no document that could define entities, but the one glued before it."""
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a><b>1</b></a>'
    assert parse_documents(body) == []
    hidden = (
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a ['
        b'+ADwAIQ-ENTITY x "y"+AD4]+AD4<a><b>&x;</b></a>'
    )
    assert parse_documents(hidden) == []
    page = b"<!DOCTYPE html><html><body>Not found</body></html>"
    assert parse_documents(page) == []
    assert [node.name for node in parse_documents(b"<c></c>" + page)] == ["c"]


@pytest.mark.parametrize("levels", [MAX_DEPTH, MAX_DEPTH + 1, 255, 300, 100_000])
def test_deep_nesting_is_cut(levels: int) -> None:
    """Read nested elements and lists down to a depth, without an exception."""
    bodies = (
        b"<a>" + b"<b>" * levels + b"</b>" * levels + b"</a>",
        b'{"a":' * levels + b"{}" + b"}" * levels,
        b"[" * levels + b"]" * levels,
        b'{"a":' + b"[" * levels + b"1" + b"]" * levels + b"}",
    )
    for body in bodies:
        for node in parse_documents(body):
            assert depth(node) <= MAX_DEPTH + 1
        assert is_complete(body) in {True, False}


def test_huge_text() -> None:
    """Read a text of a megabyte, and give one of eleven up."""
    assert parse_document(b"<a>" + b"x" * 2**20 + b"</a>").text == "x" * 2**20
    for node in parse_documents(b"<a>" + b"x" * 11_000_000 + b"</a>"):
        assert len(node.text) <= 11_000_000


@pytest.mark.parametrize(
    "morsel",
    [
        b"<",
        b"<?",
        b"<!--",
        b"<a",
        b"<a>",
        b"<a></a>",
        b"</a>",
        b"<a></b>",
        b"<?a",
        b"&",
        b"<!-- -->",
        b"<?a?>",
        b"{",
        b'{"a":',
        b"[",
        b"[1]",
        b"{} ",
        b"<![CDATA[",
    ],
)
def test_repetition_takes_no_time(morsel: bytes) -> None:
    """Read much of anything in time that grows with its length alone.

    Quadratic time would be minutes.
    """
    body = morsel * (2**18 // len(morsel))
    assert len(parse_documents(body)) <= len(body)
    assert len(parse_documents(b"<b>" + body + b"</b>")) <= len(body)
    assert is_complete(body) in {True, False}
    assert is_complete(body + b">") in {True, False}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"<a>1</a><b>2</b>", ["a", "b"]),
        (b"<?xml version='1.0'?><a>1</a>\r\n<?xml version='1.0'?><b/><a>2</a>", ["a"]),
        (b"<a>1</a>HTTP/1.1 200 OK\r\nX: y\r\n\r\n<b>2</b>", ["a", "b"]),
        (b"<a>1</a><b>2", ["a"]),
        (b"<a>1</a >rubbish < <> <b>2</b>", ["a", "b"]),
        (b"<a>1</a></c><b>2</b>", ["a", "b"]),
        (b'{"a": {}}{"b": {}}\r\n{"c": ', ["a", "b"]),
        (b'[{"a": {}}, 1, null, {"b": {}}]', ["a", "b"]),
    ],
)
def test_glued_documents(body: bytes, names: list[str]) -> None:
    """Read every document of a body that glues several together."""
    assert [node.name for node in parse_documents(body)][: len(names)] == names


@pytest.mark.parametrize("name", ALL_DOCUMENTS)
def test_truncated_document_is_none(name: str) -> None:
    """Take no document that lacks its end, wherever it was cut."""
    body = document(name).rstrip()
    assert len(parse_documents(body)) == 1
    assert is_complete(body)
    for end in range(len(body)):
        assert parse_documents(body[:end]) == []
        assert not is_complete(body[:end])


@pytest.mark.parametrize(
    ("body", "complete"),
    [
        (b"<a/>", True),
        (b"<a />\r\n\0", True),
        (b"<a b='c'/>", True),
        (b"<a><b/>", False),
        (b"<a><b></b>", False),
        (b"<a></a", False),
        (b"<ab></a>", False),
        (b"<a></ab>", False),
        (b"<a></a>x", False),
        (b"x>", False),
        (b"", False),
        (b"{}", True),
        (b'{"a": {}', False),
        (b'{"a": 1} {"b": {}', False),
        (b"[1}", False),
    ],
)
def test_is_complete(body: bytes, complete: bool) -> None:
    """Tell whether a body ends where its document does."""
    assert is_complete(body) is complete


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes_are_harmless(body: bytes) -> None:
    """Raise nothing on any bytes."""
    for prefix in (b"", b"<a>", b"{", b"<?xml version='1.0'?>", b"[{"):
        for node in parse_documents(prefix + body):
            "".join(texts(node)).encode()
        is_complete(prefix + body)


@FUZZ
@given(
    st.recursive(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=10)
        | st.integers()
        | st.booleans()
        | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_any_json_is_harmless(value: object) -> None:
    """Read whatever JSON a device may send."""
    for node in parse_documents(json.dumps(value).encode()):
        "".join(texts(node)).encode()

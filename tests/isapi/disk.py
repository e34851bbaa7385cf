"""Play a disk that can be searched (reference 8.3, 8.4)."""

from dataclasses import dataclass, field

from aiohttp import web
from lxml import etree


@dataclass(slots=True)
class Disk:
    """Answer searches of a disk, a capped page at a time."""

    items: list[str]
    cap: int = 50
    stuck: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)

    async def search(self, request: web.Request) -> web.Response:
        """Answer one page."""
        root = etree.fromstring(await request.read())
        asked = {
            etree.QName(node).localname: node.text or ""
            for node in root.iter()
            if not len(node)
        }
        self.asked.append(asked)
        # Spelt right, criteria are passed over (trap 20).
        misspelt = root.findall(".//{*}SearchProperity/{*}plateSearchMask")
        assert misspelt == root.findall(".//{*}plateSearchMask")
        begin = 0 if self.stuck else int(asked["searchResultPostion"])
        page = self.items[begin : begin + self.cap]
        more = begin + self.cap < len(self.items)
        word = "MORE" if more else "OK" if page else "NO MATCHES"
        body = (
            "<CMSearchResult><responseStatus>true</responseStatus>"
            f"<responseStatusStrg>{word}</responseStatusStrg>"
            f"<numOfMatches>{len(page)}</numOfMatches>"
            f"<matchList>{''.join(page)}</matchList></CMSearchResult>"
        )
        return web.Response(text=body, content_type="application/xml")

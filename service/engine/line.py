"""Who is next: clients in turn, and of one client the newest first."""

from collections import OrderedDict
from collections.abc import KeysView, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

Item = TypeVar("Item")
_NOTHING: Mapping[str, int] = MappingProxyType({})


class Line(Generic[Item]):
    """Waiting items by client.

    A client's newest comes first because its others are what it waits for anyway: whoever sends sixty long
    queries and then a short one gets the short one's answer at once, and nobody else's turn is later for it.

    >>> line = Line()
    >>> for client, item in (("a", 1), ("a", 2), ("b", 3)):
    ...     line.add(client, item)
    >>> line.pop(), line.pop(), line.pop(), line.pop()
    (2, 3, 1, None)
    """

    def __init__(self) -> None:
        self._clients: OrderedDict[str, list[Item]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def clients(self) -> KeysView[str]:
        """Those of whom anything waits."""
        return self._clients.keys()

    def add(self, client: str, item: Item) -> None:
        self._clients.setdefault(client, []).append(item)
        self._length += 1

    def remove(self, client: str, item: Item) -> None:
        """Takes an item out wherever it stands; nothing happens if it does not."""
        items = self._clients.get(client, [])
        if item in items:
            items.remove(item)
            self._length -= 1
            if not items:
                del self._clients[client]

    def pop(self, held: Mapping[str, int] = _NOTHING) -> Item | None:
        """The next item, of a client that holds the least already; its client goes to the end."""
        if not self._clients:
            return None
        client = min(self._clients, key=lambda each: held.get(each, 0))
        items = self._clients.pop(client)
        item = items.pop()
        self._length -= 1
        if items:
            self._clients[client] = items
        return item


class Remembered:
    """A set of the texts added last."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._items: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, item: str) -> bool:
        return item in self._items

    def add(self, item: str) -> None:
        self._items[item] = None
        self._items.move_to_end(item)
        if len(self._items) > self._capacity:
            self._items.popitem(last=False)

    def discard(self, item: str) -> None:
        self._items.pop(item, None)

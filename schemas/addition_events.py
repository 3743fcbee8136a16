"""Events that add to the books beside sales: files, accounts, items."""

from typing import Literal

from schemas.additions import AddedAttachment, RequestedAccount, RequestedItem
from schemas.envelope import Envelope, natural_key
from schemas.facts import Frozen


class AttachmentData(Frozen):
    """The body of `attachment.added`."""

    attachment: AddedAttachment


class AccountData(Frozen):
    """The body of `account.requested`."""

    account: RequestedAccount


class ItemData(Frozen):
    """The body of `item.requested`."""

    item: RequestedItem


class AttachmentAdded(Envelope):
    """A file is to be kept with an invoice."""

    type: Literal["attachment.added"] = "attachment.added"
    data: AttachmentData

    @property
    def key(self) -> str:
        """The natural key of the fact: `attachment:{order}:{digest}`."""
        attachment = self.data.attachment
        return f"{natural_key('attachment', attachment.order_id)}:{attachment.mark}"


class AccountRequested(Envelope):
    """An account is to be made in the books."""

    type: Literal["account.requested"] = "account.requested"
    data: AccountData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("account", self.data.account.role)


class ItemRequested(Envelope):
    """An item is to be made in the books."""

    type: Literal["item.requested"] = "item.requested"
    data: ItemData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("item", self.data.item.role)


Addition = AttachmentAdded | AccountRequested | ItemRequested

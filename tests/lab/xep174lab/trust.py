# SPDX-License-Identifier: LGPL-2.1-or-later
"""People with keys: what the stories of trust have in common."""
from . import tls
from .chat import Chat, converse
from .process import PATIENCE
from .raw import FOOTER
from .suite import LabTest

IN_THE_CLEAR = {'encrypted': False, 'trust': 'unknown'}
SEEN = {'encrypted': True, 'trust': 'seen'}
VERIFIED = {'encrypted': True, 'trust': 'verified'}


class Person(Chat):
    """A chat with a folder of its own for its key and those of others."""

    def __init__(self, host, user, folder=None, arguments=(), **options):
        self.folder = folder or f'{host.directory}/{user}.data'
        super().__init__(host, user, arguments=('--data-dir', self.folder, *arguments), **options)

    @property
    def fingerprint(self):
        return tls.fingerprint(f'{self.folder}/identity.pem')

    def key_changed(self, contact, new=None, old=None):
        event = self.expect('key-changed', contact=contact.name)
        for key, wanted in ('new', new), ('old', old):
            if wanted:
                assert event[key] == wanted, (event, wanted)


class TrustTest(LabTest):
    def person(self, host, user, *others, online=True, **options):
        person = self._add(Person(host, user, **options))
        if online:
            person.await_online()
            self.meet(person, *others)
        return person

    @staticmethod
    def meet(person, *others):
        for other in others:
            person.meet(other)
            if isinstance(other, Chat):
                other.meet(person)

    def pair(self, *both):
        """juliet and romeo, who do not know each other yet; their names are of this story alone."""
        juliet = self.person(self.capulet, self.fresh('juliet'))
        return juliet, self.person(self.montague, self.fresh('romeo'), juliet)

    def friends(self):
        """The same, and they have met."""
        juliet, romeo = self.pair()
        converse(juliet, romeo)
        for one, other in (juliet, romeo), (romeo, juliet):
            one.expect('key-seen', contact=other.name, new=other.fingerprint)
            one.expect('session-opened', contact=other.name, **SEEN)
        return juliet, romeo

    def leave(self, person, *others):
        person.quit()
        for other in others:
            other.expect('contact-removed', name=person.name)
            other.expect('session-closed', contact=person.name)

    def again(self, person, *others, **options):
        """Leaves, and comes back."""
        self.leave(person, *others)
        return self.person(person.host, person.user, *others, folder=person.folder, **options)

    def known(self, host, user, chat, key):
        """A raw peer whose key that chat has seen."""
        raw = self.peer(host, self.fresh(user))
        self.introduce(raw, chat, key)
        return raw

    @staticmethod
    def introduce(raw, chat, key):
        chat.meet(raw)
        stream = tls.call(raw, chat, key)
        stream.send(raw.message(chat, 'it is I') + FOOTER)
        chat.hear(raw, 'it is I')
        chat.expect('key-seen', contact=raw.name, new=key.fingerprint)
        stream.expect(FOOTER)
        stream.close()
        chat.expect('session-closed', contact=raw.name)
        chat.take_all('session-opened')

    def refused(self, chat, to, body, *words):
        """What is said there is not sent, and the person reads why."""
        reason = chat.expect('failed', id=chat.say(to, body), timeout=2 * PATIENCE)['reason']
        for word in words:
            self.assertIn(word, reason)

# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many contacts come and go."""
import time

from xep174lab import LabTest, Publisher, await_that, main

CROWD = 200


class Crowd(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona')
        cls.mantua = lab.add('mantua')
        cls.padua = lab.add('padua', avahi=False)

    def watch(self, chat):
        names = [f'guest-{i:03}@verona' for i in range(CROWD)]
        before = chat.resident(), chat.open_files()
        publisher = Publisher(self.verona)
        began = time.monotonic()
        for i, name in enumerate(names):
            publisher.announce(name, 5298, {'txtvers': '1', 'status': 'away', 'msg': f'guest {i}'})
        publisher.await_all()
        announced = time.monotonic()
        for name in names:
            chat.expect('contact-added', name=name)
        known = time.monotonic()
        chat.forbid('contact-removed', name=names.__contains__)
        publisher.close()
        for name in names:
            chat.expect('contact-removed', name=name)
        gone = time.monotonic()
        for event in ('contact-added', 'contact-removed'):
            chat.forbid(event, name=names.__contains__)
        self.note(f'{CROWD} announced in {announced - began:.1f} s, '
                  f'known {known - announced:.1f} s after, gone in {gone - known:.1f} s; '
                  f'memory {before[0]} to {chat.resident()} kB, '
                  f'files {before[1]} to {chat.open_files()}')
        await_that('end of the questions', lambda: chat.open_files() <= before[1] + 4)

    def test_with_daemon(self):
        """D11 D13 D14 D21: 200 contacts appear once each with their status, and go."""
        chat = self.chat(self.mantua, 'host')
        self.watch(chat)
        self.converse(chat, self.chat(self.verona, 'late', chat))

    def test_embedded(self):
        """D11 D13 D14 D21: the same with embedded discovery."""
        chat = self.chat(self.padua, 'hostess', discovery='embedded')
        self.watch(chat)
        self.converse(chat, self.chat(self.verona, 'later', chat))


if __name__ == '__main__':
    main()

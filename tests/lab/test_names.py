# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names that are taken, and names that are odd."""
from xep174lab import LabTest, main


class Names(LabTest):
    @classmethod
    def build(cls, lab):
        cls.capulet = lab.add('capulet')
        cls.montague = lab.add('montague')

    def test_taken_on_this_host(self):
        """D9 D10: the second of a name is user-1, the third user-2, and they see each other."""
        chats = [self.chat(self.capulet, 'juliet') for _ in range(3)]
        self.assertEqual([chat.name for chat in chats],
                         ['juliet@capulet', 'juliet-1@capulet', 'juliet-2@capulet'])
        for chat in chats:
            others = [other for other in chats if other is not chat]
            chat.meet(*others)
            chat.forbid('contact-added', name=chat.name)
        self.converse(chats[0], chats[1])
        self.converse(chats[2], chats[1])

    def test_taken_elsewhere(self):
        """D9: a name that another host holds is just as taken, in whatever case it is written."""
        raw = self.peer(self.montague, 'Mercutio')
        raw_name = 'Mercutio@capulet'
        raw._publisher.announce(raw_name, 5298)
        raw._publisher.await_all()
        mercutio = self.chat(self.capulet, 'mercutio')
        self.assertEqual(mercutio.name, 'mercutio-1@capulet')
        mercutio.meet(raw_name)

    def test_odd(self):
        """D16: names with spaces, dots, quotes and any script are names like any other."""
        juliet = self.chat(self.capulet, "Lady 'J.' & <Cie> \\ \u00e9\u4e2d\U0001f339")
        romeo = self.chat(self.montague, 'o.ne\u00a0 two', juliet)
        self.converse(juliet, romeo)
        self.assertEqual(juliet.name, "Lady 'J.' & <Cie> \\ \u00e9\u4e2d\U0001f339@capulet")

    def test_longest(self):
        """D16: a name of exactly 63 octets works."""
        juliet = self.chat(self.capulet, 'j' * (63 - len('@capulet')))
        romeo = self.chat(self.montague, 'romeo', juliet)
        self.assertEqual(len(juliet.name), 63)
        self.converse(juliet, romeo)


class OneMachineName(LabTest):
    @classmethod
    def build(cls, lab):
        cls.one = lab.add('one', host_name='pronto')
        cls.other = lab.add('other', host_name='pronto')

    def test_machine_name_taken(self):
        """D9: two machines of one name: the daemon renames one, and its users follow."""
        one = self.chat(self.one, 'juliet')
        other = self.chat(self.other, 'juliet', one)
        self.assertEqual({one.name, other.name}, {'juliet@pronto', 'juliet@pronto-2'})
        self.converse(one, other)


if __name__ == '__main__':
    main()

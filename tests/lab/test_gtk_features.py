# SPDX-License-Identifier: LGPL-2.1-or-later
"""The chat for the desktop: what its windows show beyond the texts."""
import os
import subprocess

from xep174lab import LabTest, main
from xep174lab.desktop import Desktop
from xep174lab.gtkchat import GtkChat


class Features(LabTest):
    @classmethod
    def build(cls, lab):
        cls.verona = lab.add('verona', avahi=False)
        cls.mantua = lab.add('mantua', avahi=False)

    def window(self, host, user, **options):
        desktop = Desktop(host)
        self.addCleanup(desktop.close)
        window = GtkChat(desktop, user, **options)
        self.addCleanup(window.quit)
        return window

    def pair(self):
        """Two who have begun to talk, Juliet with the first word, and who both look at it."""
        juliet = self.window(self.verona, 'juliet')
        romeo = self.window(self.mantua, 'romeo')
        juliet.await_person('romeo', 'Available')
        juliet.choose('romeo')
        juliet.say('how now')
        romeo.await_person('juliet', 'Available', '1 unread')
        juliet.await_message('how now', 'received')
        romeo.choose('juliet')
        romeo.await_message('how now')
        return juliet, romeo

    def test_typing_and_reading(self):
        """XEP-0085, XEP-0333: the other side is seen to type, and to have read."""
        juliet, romeo = self.pair()
        # At the first words it was not known yet what the other side understands.
        juliet.say('wherefore')
        juliet.await_shown('arrival', lambda: juliet.messages()[-1] in (
            ('wherefore', 'received'), ('wherefore', 'read')))
        juliet.say('art thou')
        for text in ('how now', 'wherefore', 'art thou'):
            juliet.await_message(text, 'read')
        romeo.await_focus('Message')
        romeo.desktop.type('I take th')
        juliet.await_label('romeo is typing…')
        juliet.await_person('romeo', 'typing…')
        juliet.desktop.screenshot('typing')
        for _letter in 'I take th':
            romeo.desktop.key('BackSpace')
        juliet.await_person('romeo', 'Available')
        romeo.desktop.type('adieu')
        juliet.await_label('romeo is typing…')
        romeo.desktop.key('Return')
        juliet.await_message('adieu')
        juliet.await_shown('end of typing', lambda: 'romeo is typing…' not in juliet.labels())
        romeo.await_message('adieu', 'read')

    def test_earlier_messages(self):
        """XEP-0308, 0424, 0444, 0461: an earlier message is answered, changed, taken back, reacted to."""
        juliet, romeo = self.pair()
        romeo.say('by yonder moon I swear')
        juliet.await_message('by yonder moon I swear')
        juliet.do('by yonder moon I swear', 'r')
        juliet.await_label('Reply to: by yonder moon I swear')
        juliet.desktop.screenshot('replying')
        juliet.say('swear not')
        for window in juliet, romeo:
            window.await_label('swear not')
            window.await_shown('what it answers', lambda window=window: window.labels().count(
                'by yonder moon I swear') == 2)

        juliet.await_focus('Message')
        juliet.desktop.type('half a tho')
        juliet.await_field(juliet.await_focus('Message'), 'half a tho')
        juliet.do('how now', 'e')
        juliet.await_label('Edit: how now')
        juliet.desktop.key('Escape')
        juliet.await_field(juliet.await_focus('Message'), 'half a tho')
        juliet.desktop.key('ctrl+a')
        juliet.desktop.key('BackSpace')
        juliet.desktop.key('Up')
        juliet.await_label('Edit: swear not')
        juliet.desktop.screenshot('editing')
        juliet.desktop.type(' at all')
        juliet.desktop.key('Return')
        for window in juliet, romeo:
            window.await_label('swear not at all')
            window.await_shown('edited', lambda window=window: any(
                label.endswith(' · edited') for label in window.labels()))

        juliet.do('by yonder moon I swear', 'Down')
        juliet.desktop.key('Return')
        for window in juliet, romeo:
            window.await_label('👍')
        romeo.do('by yonder moon I swear', 'Down')
        for key in 'Down', 'Down', 'Down', 'Return':
            romeo.desktop.key(key)
        # One's own are first, where nothing cuts them off.
        romeo.await_label('❤️ 👍')
        juliet.await_label('👍 ❤️')
        for window in juliet, romeo:
            window.desktop.screenshot(f'reactions-{window.user}')
        juliet.do('how now', 't')
        for window in juliet, romeo:
            window.await_label('This message was taken back')
            window.desktop.screenshot(f'retracted-{window.user}')

        romeo.do('by yonder moon I swear', 't')
        for window in juliet, romeo:
            window.await_shown('two taken back, and the answer to one', lambda window=window:
                               window.labels().count('This message was taken back') == 3)
        juliet.do('swear not at all', 't')
        for window in juliet, romeo:
            window.await_shown('three taken back, and nothing edited', lambda window=window:
                               window.labels().count('This message was taken back') == 3
                               and not any(' · edited' in label for label in window.labels()))

    def test_typing_goes_to_the_field(self):
        """S7: what is typed after a look into a message's menu, or at a bubble, is not lost."""
        juliet, romeo = self.pair()
        # At the first words it was not known yet what the other side understands.
        juliet.say('speak again')
        juliet.await_message('speak again', 'read')
        romeo.do('speak again', 'Down')
        romeo.desktop.key('Return')
        romeo.await_label('👍')
        romeo.write_into('Message', 'are you there')
        juliet.await_message('are you there')

        romeo.do('are you there', 'Escape')
        romeo.write_into('Message', 'er, trust me')
        juliet.await_message('er, trust me')

        romeo.await_focus('Message')
        romeo.desktop.key('shift+Tab')
        romeo.await_shown('focus elsewhere', lambda: not romeo.has_focus('Message'))
        romeo.desktop.type('etr')
        romeo.await_shown('text', lambda: romeo.await_focus('Message').text == 'etr')

    def test_change_is_not_lost(self):
        """S7: a changed text is still there, and no new message, after the other side has left."""
        juliet, romeo = self.pair()
        romeo.quit()
        juliet.await_label('romeo is not here; messages cannot be delivered')
        juliet.await_focus('Message')
        juliet.desktop.key('Up')
        juliet.await_label('Edit: how now')
        juliet.desktop.type(', who calls')
        juliet.desktop.key('Return')
        # As a message, it would be one more when he is back.
        juliet.await_label('romeo has left; do this when they are here again')
        juliet.await_shown('text', lambda: juliet.await_focus('Message').text == 'how now, who calls')
        juliet.await_label('Edit: how now')
        juliet.await_equal('messages', lambda: [text for text, _state in juliet.messages()], ['how now'])
        juliet.desktop.screenshot('change-not-sent')
        juliet.desktop.key('Escape')
        juliet.do('how now', 't')
        juliet.await_shown('empty field', lambda: juliet.await_focus('Message').text == '')
        juliet.await_equal('messages', lambda: [text for text, _state in juliet.messages()], ['how now'])

    def test_styles(self):
        """XEP-0393: the signs of a styled text stay, and it looks like what they say."""
        juliet, romeo = self.pair()
        text = '*strong* _emphasis_ ~struck~ `code` 2 * 3'
        romeo.say(text)
        juliet.await_message(text)
        juliet.desktop.screenshot('styles')


    def test_language(self):
        """The chat speaks the language of the person, with the right plurals."""
        folder = f'{self.verona.directory}/locales'
        if 'XEP174_LOCALEDIR' not in os.environ:
            self.skipTest('built without translations')
        os.makedirs(folder)
        subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8', f'{folder}/de_DE.UTF-8'], check=True)
        desktop = Desktop(self.verona)
        self.addCleanup(desktop.close)
        desktop.environment.update(LOCPATH=folder, LC_ALL='de_DE.UTF-8', LANGUAGE='',
                                   XEP174_LOCALEDIR=os.environ['XEP174_LOCALEDIR'])
        julia = GtkChat(desktop, 'julia', title='Lokaler Chat')
        self.addCleanup(julia.quit)
        julia.await_label('Noch niemand hier')
        desktop.screenshot('german-nobody')
        romeo = self.chat(self.mantua, 'romeo', discovery='embedded')
        romeo.meet(julia)
        for text in 'guten Abend', 'wie geht es':
            romeo.tell(julia, text)
        julia.await_label('Verfügbar')
        julia.await_shown('2 unread', lambda: julia.find('label', '2 ungelesen'))
        julia.search('romeo', 'Jemanden suchen')
        desktop.key('Return')
        julia.await_label('verschlüsselt, nicht verglichen · Verfügbar')
        field = julia.await_focus('Nachricht')
        desktop.type('gute Nacht')
        julia.await_field(field, 'gute Nacht')
        julia.await_shown('button', lambda: julia.find('button', 'Senden'))
        desktop.key('Return')
        romeo.hear(julia, 'gute Nacht')
        julia.await_shown('tick', lambda: julia.find('image', 'angekommen'))
        desktop.screenshot('german')
        desktop.key('ctrl+k')
        julia.await_shown('heading', lambda: julia.find('heading', 'Ist es wirklich romeo?'))
        julia.await_shown('button', lambda: julia.find('button', 'Die Zahlen sind gleich'))
        desktop.screenshot('german-compare')


if __name__ == '__main__':
    main()

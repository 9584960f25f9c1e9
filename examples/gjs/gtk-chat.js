#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later

// A chat with a window: choose somebody who is here, and write.

import Gio from 'gi://Gio';
import Gtk from 'gi://Gtk?version=4.0';
import Xep174 from 'gi://Xep174?version=1';
import System from 'system';

Gio._promisify(Xep174.Client.prototype, 'start_async', 'start_finish');
Gio._promisify(Xep174.Client.prototype, 'stop_async', 'stop_finish');
Gio._promisify(Xep174.Client.prototype, 'send_text_async', 'send_text_finish');

class ChatWindow {
    constructor(application, client) {
        this.client = client;
        this.people = new Gtk.DropDown({
            model: client.contacts,
            expression: Gtk.PropertyExpression.new(Xep174.Contact, null, 'display-name'),
        });
        this.said = new Gtk.TextView({editable: false, wrap_mode: Gtk.WrapMode.WORD_CHAR});
        this.entry = new Gtk.Entry({placeholder_text: 'Message'});
        this.entry.connect('activate', () => this.say(this.entry.text));
        this.window = new Gtk.ApplicationWindow({
            application, title: 'Chat', default_width: 400, default_height: 300,
            child: this.arrange(),
        });
        this.window.connect('close-request', () => this.leave());
        this.entry.grab_focus();
        this.listen();
    }

    arrange() {
        const box = new Gtk.Box({orientation: Gtk.Orientation.VERTICAL, spacing: 6});

        box.append(this.people);
        box.append(new Gtk.ScrolledWindow({child: this.said, vexpand: true}));
        box.append(this.entry);
        return box;
    }

    listen() {
        this.client.connect('message-received', (_client, contact, message) =>
            this.show(`${contact.display_name}: ${message.body}`));
        this.client.connect('message-unconfirmed', (_client, contact, message) =>
            this.show(`${contact.display_name} may not have read: ${message.body}`));
        this.client.connect('message-refused', (_client, contact, _id, error) =>
            this.show(`${contact.display_name} did not take a message: ${error.message}`));
        this.client.connect('key-changed', (_client, contact) =>
            this.show(`${contact.display_name} shows another key than before. Nothing is sent there`));
    }

    show(line) {
        const {buffer} = this.said;

        buffer.insert(buffer.get_end_iter(), `${line}\n`, -1);
        this.said.scroll_to_iter(buffer.get_end_iter(), 0, false, 0, 0);
    }

    async start() {
        try {
            await this.client.start_async(null);
            this.show(`You are ${this.client.local_name}`);
        } catch (error) {
            this.show(error.message);
        }
    }

    async say(text) {
        const contact = this.people.selected_item;

        if (contact === null || text === '')
            return;
        this.entry.text = '';
        this.show(`me → ${contact.display_name}: ${text}`);
        try {
            await this.client.send_text_async(contact, text, null);
        } catch (error) {
            this.show(`Not sent: ${text}. ${error.message}`);
        }
    }

    // The window goes when the goodbye has been said: until then the application would end.
    leave() {
        this.client.stop_async(null).catch(logError).finally(() => this.window.destroy());
        return true;
    }
}

if (ARGV.length !== 1) {
    printerr('Usage: gtk-chat.js MY-NAME');
    System.exit(2);
}

const application = new Gtk.Application({flags: Gio.ApplicationFlags.NON_UNIQUE});
application.set_accels_for_action('window.close', ['<Control>q', '<Control>w']);
application.connect('activate', () => {
    const client = Xep174.Client.new(Xep174.Profile.new(ARGV[0]), null);
    const chat = new ChatWindow(application, client);

    chat.window.present();
    chat.start();
});
System.exit(application.run([System.programInvocationName]));

#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later

// Talks with one person on the network: each line that you type is sent, until Ctrl-D or Ctrl-C.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Xep174 from 'gi://Xep174?version=1';
import System from 'system';

// From GLib 2.80 on, functions that only Unix has are in a namespace of their own.
const [GioUnix, GLibUnix] = ['GioUnix', 'GLibUnix'].map(name => {
    try {
        return imports.gi[name];
    } catch {
        return null;
    }
});

Gio._promisify(Xep174.Client.prototype, 'start_async', 'start_finish');
Gio._promisify(Xep174.Client.prototype, 'stop_async', 'stop_finish');
Gio._promisify(Xep174.Client.prototype, 'send_text_async', 'send_text_finish');
Gio._promisify(Gio.DataInputStream.prototype, 'read_line_async', 'read_line_finish_utf8');

// Makes what others say safe to show: a terminal obeys control characters.
function show(text) {
    print(text.replace(/\p{C}/gu, ' '));
}

class Chat {
    constructor(user, other) {
        this.other = other;
        this.failed = false;
        this.interrupted = new Gio.Cancellable();
        this.client = Xep174.Client.new(Xep174.Profile.new(user), null);
        this.client.connect('message-received', (client, contact, message) =>
            show(`${contact.display_name}: ${message.body}`));
        this.client.connect('message-unconfirmed', (client, contact, message) =>
            this.complain(`${contact.display_name} may not have read: ${message.body}`));
        this.client.connect('message-refused', (client, contact, id, error) =>
            this.complain(`${contact.display_name} did not take a message: ${error.message}`));
        this.client.connect('contact-added', (client, contact) =>
            show(`* ${contact.name} is here`));
        this.client.connect('contact-removed', (client, contact) => {
            if (this.client.running) // otherwise we are leaving
                show(`* ${contact.name} has left`);
        });
    }

    async run() {
        await this.client.start_async(null);
        show(`* You are ${this.client.local_name}`);
        try {
            for await (const line of this.lines())
                await this.say(line);
        } catch (error) {
            if (!error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED))
                this.complain(`cannot read any further: ${error.message}`);
        }
        await this.client.stop_async(null); // says goodbye
    }

    // The lines that are typed, or come out of a pipe.
    async *lines() {
        const stdin = GioUnix ? GioUnix.InputStream : Gio.UnixInputStream;
        const input = Gio.DataInputStream.new(stdin.new(0, false));

        while (true) {
            const [line] = await input.read_line_async(GLib.PRIORITY_DEFAULT, this.interrupted);
            if (line === null)
                return;
            yield line;
        }
    }

    async say(text) {
        const contact = this.client.find_contact(this.other);

        if (contact === null) {
            this.complain(`${this.other} is not here`);
            return;
        }
        try {
            await this.client.send_text_async(contact, text, null);
        } catch (error) {
            this.complain(`not sent: ${error.message}`);
        }
    }

    complain(why) {
        this.failed = true;
        show(`! ${why}`);
    }
}

if (ARGV.length !== 2) {
    printerr('Usage: chat.js MY-NAME THEIR-NAME@MACHINE');
    System.exit(2);
}

const loop = GLib.MainLoop.new(null, false);
const chat = new Chat(...ARGV);
const onSignal = GLibUnix?.signal_add ?? GLibUnix?.signal_add_full ?? GLib.unix_signal_add;
onSignal(GLib.PRIORITY_DEFAULT, 2 /* SIGINT */, () => {
    chat.interrupted.cancel();
    return GLib.SOURCE_CONTINUE;
});
chat.run().catch(error => {
    chat.failed = true;
    printerr(error.message);
}).finally(() => loop.quit());
loop.run();
System.exit(chat.failed ? 1 : 0);

// SPDX-License-Identifier: LGPL-2.1-or-later

/* Talks with one person on the network: each line that you type is sent, until Ctrl-D. */
class Chat : Object {
	private Xep174.Client client;
	private string other;
	private bool failed = false;

	public Chat (string user, string other) throws Error {
		this.other = other;
		client = new Xep174.Client (new Xep174.Profile (user));
		client.message_received.connect (on_message);
		client.message_unconfirmed.connect ((contact, message) =>
			complain (@"$(contact.display_name) may not have read: $(message.body)"));
		client.message_refused.connect ((contact, id, error) =>
			complain (@"$(contact.display_name) did not take a message: $(error.message)"));
		client.contact_added.connect ((contact) => show (@"* $(contact.name) is here"));
		client.contact_removed.connect ((contact) => {
			if (client.running) // otherwise we are leaving
				show (@"* $(contact.name) has left");
		});
	}

	/* Returns true if nothing went wrong. */
	public async bool run () throws Error {
		yield client.start_async ();
		show (@"* You are $(client.local_name)");

		var input = new DataInputStream (new UnixInputStream (0, false));
		string? line;
		try {
			while ((line = yield input.read_line_utf8_async ()) != null)
				yield say (line);
		} catch (Error error) {
			complain (@"cannot read any further: $(error.message)");
		}

		yield client.stop_async ();
		return !failed;
	}

	private async void say (string line) {
		var contact = client.find_contact (other);

		if (contact == null) {
			complain (@"$other is not here");
			return;
		}
		try {
			yield client.send_text_async (contact, line);
		} catch (Xep174.DirectoryError.UNKNOWN_NAME error) {
			complain (@"$other has just left");
		} catch (Error error) {
			complain (@"not sent: $(error.message)");
		}
	}

	private void on_message (Xep174.Contact contact, Xep174.Message message) {
		show (@"$(contact.display_name): $(message.body)");
	}

	private void complain (string why) {
		failed = true;
		show (@"! $why");
	}
}

/* Makes what others say safe to show: a terminal obeys control characters. */
void show (string text) {
	var plain = new StringBuilder ();
	unichar character;

	for (int i = 0; text.get_next_char (ref i, out character);)
		plain.append_unichar (character.isprint () ? character : ' ');
	print ("%s\n", plain.str);
	stdout.flush ();
}

async int talk (string user, string other) {
	try {
		return (yield new Chat (user, other).run ()) ? 0 : 1;
	} catch (Error error) {
		printerr ("%s\n", error.message);
		return 1;
	}
}

int main (string[] arguments) {
	if (arguments.length != 3) {
		printerr ("Usage: %s MY-NAME THEIR-NAME@MACHINE\n", arguments[0]);
		return 2;
	}

	Intl.setlocale ();
	var loop = new MainLoop ();
	int status = 0;
	talk.begin (arguments[1], arguments[2], (_, result) => {
		status = talk.end (result);
		loop.quit ();
	});
	loop.run ();
	return status;
}

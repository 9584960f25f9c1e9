// SPDX-License-Identifier: LGPL-2.1-or-later

/* A discovery of the program's own, and what the binding had to be told by hand. */
class Book : Xep174.Discovery {
	public override async bool start_async (Xep174.Profile? profile, uint16 port,
	                                        Cancellable? cancellable) throws Error {
		put_contact ("romeo@montague", null);
		return true;
	}

	public override async bool stop_async (Cancellable? cancellable) throws Error {
		return true;
	}

	public override SocketConnectable dup_contact_connectable (string name) throws Error {
		return new NetworkAddress ("127.0.0.1", 9);
	}
}

void look_into (Xep174.Element element) {
	var numbers = "", names = "";

	foreach (unowned Xep174.Element child in element.list_children ())
		numbers += child.get_attribute ("n");
	foreach (unowned string name in element.list_attributes ())
		names += name + " ";
	assert (numbers == "12" && names == "b xml:lang ");
	assert (element.list_children ("c").length == 1 && element.find_child (null, "").matches ("d"));
	print ("%s\n", element.get_attribute ("b"));
}

async void play () throws Error {
	var client = new Xep174.Client (new Xep174.Profile ("juliet"), new Book ());

	assert (client.local_name == null);
	yield client.start_async ();
	assert (client.contacts.get_n_items () == 1);
	assert (client.find_contact ("romeo@montague").status_message == null);
	try {
		yield client.session_manager.ensure_session ("romeo@montague").send_xml_async ("<message>");
		assert_not_reached ();
	} catch (Xep174.StreamError error) {
		assert (error is Xep174.StreamError.NOT_WELL_FORMED);
		assert (Xep174.StreamError.to_condition (error.code) == "not-well-formed");
	}
	yield client.stop_async ();
	assert (new Xep174.DefaultDiscovery () is Xep174.Directory);
	look_into (Xep174.Element.parse ("<a b='juliet' xml:lang='it'><c n='1'/><d xmlns='' n='2'/></a>"));
}

void main () {
	var loop = new MainLoop ();

	play.begin ((_, result) => {
		try {
			play.end (result);
		} catch (Error error) {
			GLib.error ("%s", error.message);
		}
		loop.quit ();
	});
	loop.run ();
}

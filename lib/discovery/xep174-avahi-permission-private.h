/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Whether avahi-daemon lets us publish (D23). Its client library must not hear of it: where a group of
 * entries is refused, avahi_entry_group_new() frees it with a function that the other one of Avahi's
 * libraries defines as well, with other arguments, and that ends the process. */
gboolean xep174_avahi_may_publish (GError **error);

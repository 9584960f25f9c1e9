/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-contact.h"

/* A list model of contacts, in the order in which they appeared. A contact is found by name in
 * constant time.
 *
 * If somebody keeps a contact after it has left, the list remembers that object, without a
 * reference. If the contact comes back, it is the same object again. */
#define XEP174_TYPE_CONTACT_LIST (xep174_contact_list_get_type ())
G_DECLARE_FINAL_TYPE (Xep174ContactList, xep174_contact_list, XEP174, CONTACT_LIST, GObject)

Xep174ContactList *xep174_contact_list_new      (void);
Xep174Contact     *xep174_contact_list_find     (Xep174ContactList *self, const char *name);
/* (transfer full): a contact that is not in the list: the object that somebody still keeps, or a
 * new one that is offline and has no parameters. */
Xep174Contact     *xep174_contact_list_recall   (Xep174ContactList *self, const char *name);
/* (element-type Xep174Contact): those in the list, and those that are kept although they have gone. */
GPtrArray         *xep174_contact_list_dup_all  (Xep174ContactList *self);
/* The name must not be in the list. */
void               xep174_contact_list_append   (Xep174ContactList *self, Xep174Contact *contact);
/* (transfer full), NULL if there is none */
Xep174Contact     *xep174_contact_list_take     (Xep174ContactList *self, const char *name);
/* Empties the list in one step. */
GPtrArray         *xep174_contact_list_take_all (Xep174ContactList *self);

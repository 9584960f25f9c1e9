/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-group-private.h"

#include "xep174-avahi-record-private.h"
#include "xep174-avahi-refusal-private.h"
#include "xep174-gettext-private.h"

#define ANYWHERE (-1)

/* Of Avahi's flags: without a cookie of the daemon's in the TXT record. */
#define PUBLISH_NO_COOKIE 32u
/* Unique, so that caches drop what was offered before; without a probe, an announcement, or a
 * goodbye, each of which would have all of it. */
#define PUBLISH_QUIETLY (1u | 2u | 4u)

#define CLASS_IN 1

/* The entries and the commit, which are asked for at once and answered in order. */
#define ENTRIES_MAX XEP174_MDNS_OFFER_NAMES
#define STEPS_MAX   (ENTRIES_MAX + 1)

/* Of Avahi's group, as it says them over D-Bus. */
enum
{
  STATE_ESTABLISHED = 2,
  STATE_COLLISION = 3,
  STATE_FAILURE = 4,
};

typedef struct
{
  Xep174AvahiGroup *group;
  Xep174AvahiCall  *call;
} Step;

struct _Xep174AvahiGroup
{
  Xep174AvahiObjects   *objects;
  void                (*noted) (gpointer user_data);
  gpointer              user_data;
  Xep174AvahiObject    *object;
  const char           *doing;   /* what a failure is about */
  const char           *method;  /* that adds an entry */
  GPtrArray            *entries; /* of GVariant: to be published */
  Step                  steps[STEPS_MAX];
  Step                  update;
  gboolean              added;   /* what the group says from now on is about this service */
  Xep174AvahiGroupNews  news;
  GError               *error;
};

static void
note (Xep174AvahiGroup     *self,
      Xep174AvahiGroupNews  news,
      GError               *error)
{
  g_clear_error (&self->error);
  self->error = error;
  self->news = news;
  self->noted (self->user_data);
}

static void
forget_steps (Xep174AvahiGroup *self)
{
  for (guint i = 0; i < STEPS_MAX; i++)
    xep174_avahi_object_forget (self->object, &self->steps[i].call);
  xep174_avahi_object_forget (self->object, &self->update.call);
  self->added = FALSE;
  self->news = XEP174_AVAHI_GROUP_BUSY;
}

static void
fail (Xep174AvahiGroup *self,
      const char       *refusal,
      const char       *words)
{
  note (self, XEP174_AVAHI_GROUP_FAILED,
        xep174_avahi_refusal_new (refusal, words, self->doing));
}

static void
on_step (GVariant   *body,
         const char *refusal,
         const char *words,
         gpointer    user_data)
{
  Step *step = user_data;
  Xep174AvahiGroup *self = step->group;

  step->call = NULL;
  if (body != NULL)
    {
      self->added = TRUE;
      return;
    }

  /* That the rest fails too is no news. */
  forget_steps (self);
  fail (self, refusal, words);
}

static void
take_step (Xep174AvahiGroup *self,
           Step             *step,
           const char       *method,
           GVariant         *arguments)
{
  step->group = self;
  step->call = xep174_avahi_object_call (self->object, method, arguments, on_step, step);
}

static void
fill (Xep174AvahiGroup *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    take_step (self, &self->steps[i], self->method, g_ptr_array_index (self->entries, i));
  take_step (self, &self->steps[self->entries->len], "Commit", NULL);
}

static void
on_made (Xep174AvahiObject *object,
         gpointer           user_data)
{
  Xep174AvahiGroup *self = user_data;

  if (self->entries->len > 0)
    fill (self);
}

static void
on_refused (const char *refusal,
            const char *words,
            gpointer    user_data)
{
  Xep174AvahiGroup *self = user_data;

  g_clear_pointer (&self->object, xep174_avahi_object_free);
  if (self->entries->len > 0)
    fail (self, refusal, words);
}

static void
on_signal (const char *member,
           GVariant   *body,
           gpointer    user_data)
{
  Xep174AvahiGroup *self = user_data;
  const char *refusal;
  int state;

  if (!self->added || g_strcmp0 (member, "StateChanged") != 0 ||
      !g_variant_is_of_type (body, G_VARIANT_TYPE ("(is)")))
    return;

  g_variant_get (body, "(i&s)", &state, &refusal);
  if (state == STATE_ESTABLISHED)
    note (self, XEP174_AVAHI_GROUP_PUBLISHED, NULL);
  else if (state == STATE_COLLISION)
    fail (self, XEP174_AVAHI_COLLISION, NULL);
  else if (state == STATE_FAILURE)
    fail (self, refusal, NULL);
}

static const Xep174AvahiKind kind = {
  .interface = "org.freedesktop.Avahi.EntryGroup",
  .maker = "EntryGroupNew",
  .maker_interface = "org.freedesktop.Avahi.Server",
  .made = on_made,
  .refused = on_refused,
  .signal = on_signal,
};

Xep174AvahiGroup *
xep174_avahi_group_new (Xep174AvahiObjects *objects,
                        void              (*noted) (gpointer user_data),
                        gpointer            user_data)
{
  Xep174AvahiGroup *self = g_new0 (Xep174AvahiGroup, 1);

  self->objects = objects;
  self->noted = noted;
  self->user_data = user_data;
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  return self;
}

void
xep174_avahi_group_free (Xep174AvahiGroup *self)
{
  if (self->object != NULL)
    {
      forget_steps (self);
      xep174_avahi_object_free (self->object);
    }
  g_ptr_array_unref (self->entries);
  g_clear_error (&self->error);
  g_free (self);
}

static void
add_entry (Xep174AvahiGroup *self,
           GVariant         *arguments)
{
  g_ptr_array_add (self->entries, g_variant_ref_sink (arguments));
}

/* The group stays: Avahi counts its conflicts, and after fifteen slows down (RFC 6762 §8.1). */
static void
make_and_fill (Xep174AvahiGroup *self)
{
  if (self->object == NULL)
    self->object = xep174_avahi_objects_make (self->objects, &kind, g_variant_new ("()"), self);
  else if (xep174_avahi_object_is_made (self->object))
    fill (self);
}

void
xep174_avahi_group_publish (Xep174AvahiGroup        *self,
                            const Xep174MdnsService *service)
{
  xep174_avahi_group_withdraw (self);
  self->doing = _("Publishing our name");
  self->method = "AddService";
  add_entry (self, g_variant_new ("(iiussssq@aay)", ANYWHERE, ANYWHERE, PUBLISH_NO_COOKIE,
                                  service->instance, XEP174_PRESENCE_TYPE, service->domain, "",
                                  service->port, xep174_avahi_txt_strings (service->txt)));
  make_and_fill (self);
}

void
xep174_avahi_group_offer (Xep174AvahiGroup      *self,
                          const Xep174MdnsOffer *offer)
{
  xep174_avahi_group_withdraw (self);
  if (offer->data == NULL)
    return;

  self->doing = _("Showing our picture");
  self->method = "AddRecord";
  for (guint i = 0; i < ENTRIES_MAX && offer->names[i] != NULL; i++)
    add_entry (self, g_variant_new ("(iiusqqu@ay)", ANYWHERE, ANYWHERE, PUBLISH_QUIETLY,
                                    offer->names[i], CLASS_IN, offer->type, XEP174_MDNS_OFFER_TTL,
                                    g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, offer->data,
                                                              TRUE)));
  make_and_fill (self);
}

void
xep174_avahi_group_update (Xep174AvahiGroup        *self,
                           const Xep174MdnsService *service)
{
  GVariant *arguments =
    g_variant_new ("(iiusss@aay)", ANYWHERE, ANYWHERE, PUBLISH_NO_COOKIE, service->instance,
                   XEP174_PRESENCE_TYPE, service->domain, xep174_avahi_txt_strings (service->txt));

  if (self->object == NULL || !xep174_avahi_object_is_made (self->object))
    {
      g_variant_unref (g_variant_ref_sink (arguments));
      fail (self, XEP174_AVAHI_GONE, NULL);
      return;
    }

  xep174_avahi_object_forget (self->object, &self->update.call);
  take_step (self, &self->update, "UpdateServiceTxt", arguments);
}

void
xep174_avahi_group_withdraw (Xep174AvahiGroup *self)
{
  g_ptr_array_set_size (self->entries, 0);
  if (self->object == NULL)
    return;

  forget_steps (self);
  if (xep174_avahi_object_is_made (self->object))
    xep174_avahi_object_tell (self->object, "Reset");
}

Xep174AvahiGroupNews
xep174_avahi_group_take_news (Xep174AvahiGroup  *self,
                              GError           **error)
{
  Xep174AvahiGroupNews news = self->news;

  self->news = XEP174_AVAHI_GROUP_BUSY;
  if (news == XEP174_AVAHI_GROUP_FAILED)
    g_propagate_error (error, g_steal_pointer (&self->error));

  return news;
}

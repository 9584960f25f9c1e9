/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "puppet.h"

typedef struct
{
  Xep174FeatureClass parent_class;
} PuppetClass;

G_DEFINE_TYPE (Puppet, puppet, XEP174_TYPE_FEATURE)

static void
note (Puppet       *self,
      PuppetString  string,
      const char   *what)
{
  g_string_append_printf (self->raw->stage->log, "%s %s\n", self->label, what);
  if (self->deed != NULL && self->when == string)
    self->deed (self);
}

static void
puppet_attach (Xep174Feature     *feature,
               Xep174FeatureHost *host)
{
  g_assert_true (xep174_feature_get_host (feature) == host);
  note ((Puppet *) feature, PUPPET_ATTACH, "attached");
}

static void
puppet_detach (Xep174Feature *feature)
{
  g_assert_nonnull (xep174_feature_get_host (feature));
  note ((Puppet *) feature, PUPPET_DETACH, "detached");
}

static gboolean
puppet_handle (Xep174Feature *feature,
               const char    *contact,
               Xep174Element *stanza,
               Xep174Element *payload)
{
  Puppet *self = (Puppet *) feature;
  g_autofree char *what = g_strdup_printf ("gets %s of %s", xep174_element_get_name (payload), contact);

  g_assert_true (xep174_element_get_parent (payload) == stanza);
  g_assert_true (xep174_element_is_sealed (stanza));
  note (self, PUPPET_HANDLE, what);
  return self->takes;
}

static void
puppet_decorate (Xep174Feature *feature,
                 const char    *contact,
                 Xep174Element *outgoing)
{
  Puppet *self = (Puppet *) feature;

  if (self->adds != NULL)
    xep174_element_append_text (xep174_element_append_new (outgoing, "x", "urn:example:added"), self->adds);
  if (self->deed != NULL && self->when == PUPPET_DECORATE)
    self->deed (self);
}

static void
puppet_class_init (PuppetClass *klass)
{
  Xep174FeatureClass *feature_class = XEP174_FEATURE_CLASS (klass);

  feature_class->attach = puppet_attach;
  feature_class->detach = puppet_detach;
  feature_class->handle = puppet_handle;
  feature_class->decorate = puppet_decorate;
}

static void
puppet_init (Puppet *self)
{
}

Puppet *
puppet_new (Raw        *raw,
            const char *label,
            const char *payload,
            const char *payload2)
{
  const char *payloads[] = { payload, payload2, NULL };
  Puppet *self = g_object_new (puppet_get_type (), "payloads", payloads, NULL);

  self->raw = raw;
  self->label = label;
  return self;
}

Xep174FeatureHost *
puppet_host_of (Raw *raw)
{
  return XEP174_FEATURE_HOST (raw->manager);
}

void
puppet_add (Raw    *raw,
            Puppet *puppet)
{
  g_autoptr(GError) error = NULL;

  xep174_feature_host_add_feature (puppet_host_of (raw), XEP174_FEATURE (puppet), &error);
  g_assert_no_error (error);
}

Puppet *
puppet_added (Raw        *raw,
              const char *label,
              const char *payload)
{
  g_autoptr(Xep174Feature) puppet = XEP174_FEATURE (puppet_new (raw, label, payload, NULL));
  g_autofree char *expected = g_strdup_printf ("%s attached\n", label);

  puppet_add (raw, (Puppet *) puppet);
  raw_log (raw, expected);
  return (Puppet *) puppet;
}

void
puppet_drop (Raw *raw)
{
  g_clear_object (&raw->manager);
  stage_settle (raw->stage);
  g_free (stage_take_log (raw->stage));
}

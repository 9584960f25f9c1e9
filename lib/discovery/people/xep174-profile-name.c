/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-profile-state-private.h"

#include <string.h>
#include <unistd.h>

#include "xep174-discovery.h"
#include "xep174-gettext-private.h"
#include "xep174-name-private.h"

/* RFC 1035 §2.3.4 */
#define LABEL_MAX 63

/* The longest start of @text that has at most @size octets and ends with a character. */
static int
cut (const char *text,
     gsize       size)
{
  const char *end;

  if (strlen (text) <= size)
    return strlen (text);

  end = text + size + 1;
  return g_utf8_find_prev_char (text, end) - text;
}

char *
xep174_instance_name_build (const char *user,
                            const char *machine,
                            guint       attempt)
{
  g_autofree char *suffix = attempt > 0 ? g_strdup_printf ("-%u", attempt) : g_strdup ("");
  gsize first = g_utf8_next_char (user) - user;
  gsize fixed = strlen (suffix) + strlen ("@");
  gsize machine_length = MIN (strlen (machine), LABEL_MAX - fixed - first);

  return g_strdup_printf ("%.*s%s@%.*s", cut (user, LABEL_MAX - fixed - machine_length), user,
                          suffix, (int) machine_length, machine);
}

char *
xep174_machine_from_host_name (const char *host_name)
{
  GString *machine = g_string_new (NULL);

  for (const char *p = host_name; *p != '\0' && *p != '.'; p++)
    {
      if (g_ascii_isgraph (*p) && *p != '@')
        g_string_append_c (machine, *p);
    }
  g_string_truncate (machine, MIN (machine->len, LABEL_MAX));
  if (machine->len == 0)
    g_string_append (machine, "localhost");

  return g_string_free (machine, FALSE);
}

static gboolean
check_machine (const char  *machine,
               GError     **error)
{
  for (const char *p = machine; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || *p == '@')
      {
        g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                             _("The machine name may have English letters, digits and signs, but "
                               "no space and no “@”. Write another one"));
        return FALSE;
      }

  if (*machine == '\0')
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         _("The machine name is empty. Write one, or leave it out"));

  return *machine != '\0';
}

static gboolean
check_name (const char *user,
            const char *machine,
            GError    **error)
{
  g_autofree char *name = g_strconcat (user, "@", machine, NULL);
  g_autoptr(GError) invalid = NULL;

  if (xep174_name_is_valid (name, &invalid))
    return TRUE;

  g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                       invalid->message);
  return FALSE;
}

static void
replace_machine (Xep174Profile *self,
                 char          *machine)
{
  gboolean same = g_strcmp0 (self->machine, machine) == 0;

  g_free (self->machine);
  self->machine = machine;
  if (!same)
    xep174_profile_changed (self, XEP174_PROFILE_PROP_MACHINE);
}

gboolean
xep174_profile_take_machine (Xep174Profile *self,
                             const char    *machine,
                             GError       **error)
{
  if (machine == NULL)
    {
      self->machine_is_set = FALSE;
      xep174_profile_set_default_machine (self, NULL);
      return TRUE;
    }

  if (!check_machine (machine, error) || !check_name (self->user, machine, error))
    return FALSE;

  self->machine_is_set = TRUE;
  replace_machine (self, g_strdup (machine));
  return TRUE;
}

void
xep174_profile_set_default_machine (Xep174Profile *self,
                                    const char    *host_name)
{
  char system_name[256] = "";

  if (self->machine_is_set)
    return;

  /* Not g_get_host_name(), which remembers the first answer: the name may have changed (D22). */
  if (host_name == NULL && gethostname (system_name, sizeof system_name - 1) == 0)
    host_name = system_name;

  replace_machine (self, xep174_machine_from_host_name (host_name != NULL ? host_name : ""));
}

gboolean
xep174_profile_check_name (Xep174Profile *self,
                           GError       **error)
{
  if (*self->user == '\0')
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         _("The user name is empty. Write one"));
  else if (!g_utf8_validate (self->user, -1, NULL))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         _("The user name cannot be read as text: it must be UTF-8"));
  else if (!xep174_text_is_plain (self->user))
    g_set_error_literal (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_INVALID_NAME,
                         _("The user name has a character in it that cannot be shown, such as a "
                           "line break or a tab. Take it out"));
  else
    /* It is not the user's fault if the host name is as long as DNS allows: then it is cut. */
    return check_name (self->user, self->machine_is_set ? self->machine : "h", error);

  return FALSE;
}

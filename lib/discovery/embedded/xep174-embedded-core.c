/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-embedded-core-private.h"

#include <dlfcn.h>

#include "xep174-discovery.h"
#include "xep174-gettext-private.h"

/* avahi-core and libavahi-client export functions of the same names (avahi_entry_group_free() …).
 * Each library calls its own through the dynamic linker, which takes the first one in the process.
 * A program may use libavahi-client itself, or load something that does. So we do not link
 * avahi-core. We open it so that nobody else sees its names (RTLD_LOCAL), and so that it prefers
 * its own (RTLD_DEEPBIND).
 *
 * With RTLD_DEEPBIND a library may get another malloc() than the program, and then what one
 * allocates must not be freed by the other. avahi-core allocates only through libavahi-common, so
 * this does not concern us. But AddressSanitizer therefore forbids RTLD_DEEPBIND with dlopen().
 * dlmopen() into the namespace of the program does the same, and is not forbidden. */
static void *
open_library (void)
{
  int flags = RTLD_NOW | RTLD_LOCAL;

#if defined (RTLD_DEEPBIND) && defined (LM_ID_BASE)
  return dlmopen (LM_ID_BASE, AVAHI_CORE_SONAME, flags | RTLD_DEEPBIND);
#else
  return dlopen (AVAHI_CORE_SONAME, flags);
#endif
}

/* A text that says what went wrong; NULL if all functions were found. */
static char *
find_functions (Xep174AvahiCore *core,
                void            *library)
{
  if (library == NULL)
    return g_strdup (dlerror ());

#define FIND(name)                                 \
  core->name = dlsym (library, "avahi_" #name);    \
  if (core->name == NULL)                          \
    return g_strdup ("avahi_" #name " is missing");
  XEP174_AVAHI_CORE_FUNCTIONS (FIND)
#undef FIND

  return NULL;
}

const Xep174AvahiCore *
xep174_avahi_core_open (GError **error)
{
  static Xep174AvahiCore core;
  static char *problem;
  static gsize done;

  if (g_once_init_enter (&done))
    {
      problem = find_functions (&core, open_library ());
      g_once_init_leave (&done, 1);
    }
  if (problem == NULL)
    return &core;

  g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
               _("The library %s cannot be used: %s. Install it (on Debian: libavahi-core7), or "
                 "use avahi-daemon"), AVAHI_CORE_SONAME, problem);

  return NULL;
}

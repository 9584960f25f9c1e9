/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-embedded-core-private.h"

#include <dlfcn.h>

#include "xep174-discovery.h"

/* Avahi's two libraries export functions of the same names (avahi_entry_group_free() …), and each calls
 * its own through the dynamic linker, which takes the first that it meets in the process. A program
 * may use libavahi-client itself, or load something that does, so we do not link avahi-core. It is
 * opened with names that are seen by nobody else (RTLD_LOCAL) and that it prefers to everybody else's
 * (RTLD_DEEPBIND). It allocates with libavahi-common alone, so this does not part malloc() from free().
 *
 * dlmopen() into the namespace of the program is dlopen(). AddressSanitizer forbids RTLD_DEEPBIND to
 * the latter for what is said in the last sentence, which does not concern us. */
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

/* The text of what went wrong, NULL if all is there. */
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
               "The library %s cannot be used: %s. Install it (on Debian: libavahi-core7), or use "
               "avahi-daemon", AVAHI_CORE_SONAME, problem);

  return NULL;
}

/* SPDX-License-Identifier: MIT */

/*
 * Linked into the programs of an address sanitizer build, in place of a list of suppressions.
 *
 * Mesa keeps a few hundred bytes in static pointers of the driver that EGL loads and unloads. Once
 * the driver is unloaded, they look like leaks, and nothing can give their frames a name. As long
 * as libraries stay loaded, they are what they are: reachable.
 */
int dlclose(void *library);

int dlclose(void *library)
{
    (void)library;
    return 0;
}

// SPDX-License-Identifier: EPL-2.0
/** XENIO of guests that were entered by the PVH boot ABI. */
package org.xenolith.efi.xenio.pvh;

// SPDX-License-Identifier: EPL-2.0
/** Disk images: {@code image} on the command line makes them, each in a machine of its own, and keeps them. */
package org.xenolith.image;

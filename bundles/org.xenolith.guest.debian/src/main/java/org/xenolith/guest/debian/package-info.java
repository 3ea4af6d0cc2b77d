// SPDX-License-Identifier: EPL-2.0
/**
 * The Debian guest: an unmodified Debian arm64 kernel and a static busybox, fetched with the host's own package client
 * into a private state, and a first root file system written here.
 */
package org.xenolith.guest.debian;

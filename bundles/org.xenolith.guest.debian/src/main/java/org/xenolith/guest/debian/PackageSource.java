// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

/**
 * Where packages come from.
 *
 * @param lock which they are
 * @param fetcher brings them
 * @param client knows what the archive has now
 */
record PackageSource(PackageLock lock, PackageFetcher fetcher, PackageClient client) {}

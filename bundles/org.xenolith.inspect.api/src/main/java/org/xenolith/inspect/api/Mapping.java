// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * What an address is translated to.
 *
 * @param address in the memory below
 * @param size    bytes of the page or block that maps it
 * @param read    whether code of the memory's level may read there
 * @param write   whether it may write
 * @param execute whether it may execute
 */
public record Mapping(long address, long size, boolean read, boolean write, boolean execute) {}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * A use of a page that was granted.
 *
 * @param granter serial number of whose page it is; that domain may be gone
 * @param ref     of the entry that grants it
 * @param user    serial number of who uses it
 */
public record GrantUse(int granter, int ref, int user) {}

// SPDX-License-Identifier: EPL-2.0
/**
 * Messages of the file protocol 9P2000.L, the dialect of Linux' {@code 9p}, as bytes: what transports and servers have in common.
 *
 * <p>Sources: intro(5) and its pages of the Plan 9 manual, section 5, for 9P2000; {@code protocol.md} of diod for the dialect.
 */
@NullMarked
package org.xenolith.ninep.kit;

import org.jspecify.annotations.NullMarked;

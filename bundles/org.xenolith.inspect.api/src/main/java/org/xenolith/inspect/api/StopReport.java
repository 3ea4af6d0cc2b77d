// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.OptionalInt;

/**
 * A place that was reached.
 *
 * @param place     which one
 * @param processor index of the processor that came there; empty if none executed
 * @param address   of the instruction or the access; 0 where there is none
 * @param write     whether it was written to
 * @param text      what the exception, exit or event is called; empty for addresses
 */
public record StopReport(StopPlace place, OptionalInt processor, long address, boolean write, String text) {}

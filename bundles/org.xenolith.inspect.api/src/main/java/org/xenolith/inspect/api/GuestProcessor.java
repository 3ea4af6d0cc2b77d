// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.OptionalInt;

/**
 * A virtual processor of a hypervisor's guest.
 *
 * @param guest  as {@link InspectedMachine#guest} names it
 * @param number its number in the guest, from 0
 * @param on     index of the processor that executes its code now, by which its registers can be seen; empty if none does
 * @param state  for people: {@code running}, {@code runnable}, {@code blocked} or {@code offline}
 */
public record GuestProcessor(String guest, int number, OptionalInt on, String state) {}

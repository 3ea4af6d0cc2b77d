// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/**
 * Where a processor is between two instructions, and whose code that is.
 *
 * @param address      of the next instruction, in {@link InspectedProcessor#memory}; a linear one where there are segments
 * @param privilege    what the code there may do, in words of no architecture
 * @param level        the same in the architecture's
 * @param addressSpace the program's, as the architecture tells them apart, for people; empty if there is none
 * @param guestTables  address of the tables that a hypervisor has put below: who has these is the guest. 0 if there is no hypervisor below
 * @param guestNumber  by which the hardware tells guests apart; -1 if it doesn't
 */
public record ProcessorPlace(long address, Privilege privilege, String level, String addressSpace, long guestTables, int guestNumber) {}

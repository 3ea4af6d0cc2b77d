// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.function.Function;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.control.Machine;

/**
 * Something that can be written and has a name.
 *
 * @param what    for people
 * @param written where a machine stops behind what writes it
 * @param held    what it holds in a machine of the past, for people; empty if that isn't known
 */
public record OwnedWord(String what, StopPlace written, Function<Machine, String> held) {}

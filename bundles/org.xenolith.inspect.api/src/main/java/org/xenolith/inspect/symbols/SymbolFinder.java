// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;

/** Finds the names of code and data of guests; a service. What is looked at is as {@code MachineInspector.of} says, and leaves no trace. */
@ProviderType
public interface SymbolFinder {
  /** The names of a machine's guests, found as they are asked for, and kept in what is returned. */
  MachineSymbols of(InspectedMachine machine);

  /**
   * Looks for a kernel around an address once, in what is mapped there.
   *
   * @param memory  as the kernel has it
   * @param address within its image
   * @return empty if no table of symbols of a known form is there
   */
  Optional<GuestKernel> kernel(InspectedMemory memory, long address);

  /**
   * Reads files that the user named, as {@code FILE[@OFFSET]}: ELF files, or lines as in System.map. The offset (hexadecimal) is where an image runs above what its file says.
   *
   * @throws org.xenolith.command.api.BadInput if one can't be read or has no symbols of code; the message names it
   */
  SymbolTable files(List<String> names);
}

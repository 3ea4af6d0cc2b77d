// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.machine.control.Machine;

/** A machine's RAM by physical address. */
final class PhysicalMemory implements InspectedMemory {
  private final Machine machine;

  PhysicalMemory(Machine machine) {
    this.machine = machine;
  }

  @Override
  public String name() {
    return "physical";
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.empty();
  }

  @Override
  public Optional<Mapping> translate(long address) {
    return Optional.empty();
  }

  @Override
  public List<TableEntry> walk(long address) {
    return List.of();
  }

  @Override
  public OptionalLong physical(long address) {
    return OptionalLong.of(address);
  }

  @Override
  public void write(long address, byte[] bytes) {
    machine.inputNow(MemoryInput.KIND, MemoryInput.place(address), bytes);
  }

  @Override
  public Optional<byte[]> read(long address, int length) {
    try {
      return Optional.of(machine.peek(address, length));
    } catch (IllegalArgumentException noRam) {
      return Optional.empty();
    }
  }
}

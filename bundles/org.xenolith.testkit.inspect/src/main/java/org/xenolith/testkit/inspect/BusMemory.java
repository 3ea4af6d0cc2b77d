// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.inspect;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/** The RAM of a bus by physical address, for processors without a machine. */
public final class BusMemory implements InspectedMemory {
  private final RamBus bus;

  /** That of a bus. */
  public BusMemory(RamBus bus) {
    this.bus = bus;
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
    if (read(address, bytes.length).isEmpty()) {
      throw new IllegalArgumentException("0x%x: %d bytes aren't all in RAM".formatted(address, bytes.length));
    }
    for (int i = 0; i < bytes.length; i++) {
      bus.ram(address + i).write((int) (address + i - bus.ram(address + i).base), 1, bytes[i]);
    }
  }

  @Override
  public Optional<byte[]> read(long address, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      Ram ram = bus.ram(address + i);
      if (ram == null) {
        return Optional.empty();
      }
      bytes[i] = (byte) ram.read((int) (address + i - ram.base), 1);
    }
    return Optional.of(bytes);
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.TableEntry;

/** A processor that stands in a kernel, without memory and registers. */
final class StandingProcessor implements InspectedProcessor {
  private static final long ADDRESS = 0x4000_1234L;

  private final InspectedMemory memory = new InspectedMemory() {
    @Override
    public String name() {
      return "nothing";
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
  };

  @Override
  public int index() {
    return 0;
  }

  @Override
  public String instructions() {
    return "none";
  }

  @Override
  public ProcessorPlace place() {
    return new ProcessorPlace(ADDRESS, Privilege.KERNEL, "kernel", "", 0, -1);
  }

  @Override
  public List<RegisterDescription> registers() {
    return List.of();
  }

  @Override
  public long[] value(String name) {
    throw new IllegalArgumentException(name);
  }

  @Override
  public List<InspectedMemory> memories() {
    return List.of(memory);
  }

  @Override
  public InspectedMemory memory() {
    return memory;
  }

  @Override
  public long[] calls(int most, LongUnaryOperator functionAt) {
    return new long[] {ADDRESS};
  }

  @Override
  public List<InstructionText> disassemble(long address, int count) {
    return List.of();
  }
}

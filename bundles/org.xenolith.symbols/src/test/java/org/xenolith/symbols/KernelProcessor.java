// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.TableEntry;

/** A processor whose memory is a kernel's image, mapped at {@link KernelFile#BASE} unless a test says otherwise. */
final class KernelProcessor implements InspectedProcessor, InspectedMemory {
  static final long BELOW = 0x4000_0000L;

  byte[] image;
  /** Where it is mapped. */
  long first = KernelFile.BASE;
  boolean mapped = true;
  /** Whether it is translated by no tables, so that what isn't RAM is, too. */
  boolean untranslated;
  /** Bytes that were asked for. */
  long read;
  long guestTables;
  OptionalLong entry = OptionalLong.empty();
  private long address = KernelFile.BASE + 0x1004;
  private Privilege privilege = Privilege.KERNEL;

  KernelProcessor(byte[] image) {
    this.image = Arrays.copyOf(image, image.length + PAGE - 1 & -PAGE);
  }

  void stand(long at, Privilege as) {
    address = at;
    privilege = as;
  }

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
    return new ProcessorPlace(address, privilege, "", "", guestTables, -1);
  }

  @Override
  public OptionalLong kernelEntry() {
    return entry;
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
    return List.of(this);
  }

  @Override
  public InspectedMemory memory() {
    return this;
  }

  @Override
  public long[] calls(int most, LongUnaryOperator functionAt) {
    return new long[] {address};
  }

  @Override
  public List<InstructionText> disassemble(long at, int count) {
    return List.of();
  }

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public Optional<InspectedMemory> below() {
    return Optional.empty();
  }

  @Override
  public Optional<Mapping> translate(long at) {
    long offset = at - first;
    if (untranslated) {
      return Optional.of(new Mapping(at, 1L << 48, true, true, true));
    }
    return mapped && offset >= 0 && offset < image.length ? Optional.of(new Mapping(BELOW + offset, PAGE, true, true, true))
        : Optional.empty();
  }

  @Override
  public OptionalLong physical(long at) {
    return translate(at).map(found -> OptionalLong.of(found.address())).orElse(OptionalLong.empty());
  }

  @Override
  public List<TableEntry> walk(long at) {
    return List.of();
  }

  @Override
  public Optional<byte[]> read(long at, int length) {
    read += length;
    int offset = (int) (at - first);
    return translate(at).isEmpty() || at < first || offset + length > image.length ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(image, offset, offset + length));
  }
}

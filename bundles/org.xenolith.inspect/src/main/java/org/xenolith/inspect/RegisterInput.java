// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorInspector;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.Machine;

/** Inputs that give a register of a processor a value: the place is {@code cpu0:NAME}, the payload its words, each little-endian. */
@Component
public final class RegisterInput implements InputKind {
  static final String KIND = "register";
  private static final String CPU = "cpu";

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ProcessorInspector> inspectors = List.of();

  /** For the framework. */
  public RegisterInput() {}

  /** With these inspectors. */
  RegisterInput(List<ProcessorInspector> inspectors) {
    this.inspectors = inspectors;
  }

  static String place(int processor, String name) {
    return CPU + processor + ':' + name;
  }

  static byte[] bytes(long[] words) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(words);
    return buffer.array();
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public int apply(Machine machine, String place, byte[] bytes) {
    int colon = place.indexOf(':');
    if (colon < 0 || !place.startsWith(CPU) || bytes.length == 0 || bytes.length % Long.BYTES != 0) {
      throw new IllegalArgumentException(place + ", " + bytes.length + " bytes: expected cpu0:NAME or the like, and words of 8 bytes");
    }
    String name = place.substring(colon + 1);
    InspectedProcessor processor = machine.processors().stream().filter(cpu -> place(cpu.index(), name).equals(place)).flatMap(
        cpu -> inspectors.stream().flatMap(each -> each.inspect(cpu, new PhysicalMemory(machine)).stream())).findFirst().orElseThrow(
            () -> new IllegalArgumentException(place + ": there is no such processor, or nobody who is installed can look into it"));
    long[] words = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
    checkWidth(processor, name, words);
    processor.set(name, words);
    return bytes.length;
  }

  private static void checkWidth(InspectedProcessor processor, String name, long[] words) {
    RegisterDescription register = processor.registers().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException("cpu " + processor.index() + " has no register " + name));
    int above = register.bits() & Long.SIZE - 1;
    if (words.length != register.words() || above != 0 && words[words.length - 1] >>> above != 0) {
      throw new IllegalArgumentException("cpu %d: %s has %d bits; a value of %d words of 64 bits, none above those, was expected".formatted(
          processor.index(), name, register.bits(), register.words()));
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioFault;

/** {@code fault: bit}: bits of RAM, or of the lowest 64 of a processor's register, flip once. */
@Component
public final class BitFault implements ScenarioFault {
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  /** Made by the service component runtime. */
  @Activate
  public BitFault(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
  }

  @Override
  public String kind() {
    return "bit";
  }

  @Override
  public Set<String> keys() {
    return Set.of("address", "space", "size", "register", "cpu", "bit", "mask");
  }

  @Override
  public void inject(Machine machine, Map<String, String> values) {
    InspectedMachine view = inspector.of(machine);
    Arguments arguments = new Arguments(new NamedMachine(machine, view, finder.of(view)), values);
    if (arguments.text("address").isPresent() == arguments.text("register").isPresent()) {
      throw new IllegalArgumentException("expected 'address' or 'register'");
    }
    if (arguments.text("register").isPresent()) {
      InspectedProcessor processor = arguments.processor();
      String name = arguments.need("register");
      long[] value = processor.value(name);
      value[0] ^= mask(arguments, Long.SIZE);
      processor.set(name, value);
      return;
    }
    MemoryWord word = MemoryWord.of(arguments, arguments.need("address"), Long.BYTES);
    word.write(word.value() ^ mask(arguments, word.size() * Byte.SIZE));
  }

  private static long mask(Arguments arguments, int bits) {
    if (arguments.text("bit").isPresent() == arguments.text("mask").isPresent()) {
      throw new IllegalArgumentException("expected 'bit' (its number) or 'mask' (those that flip)");
    }
    long bit = arguments.number("bit").orElse(0L);
    long mask = arguments.number("mask").orElse(1L << bit);
    if (bit < 0 || bit >= bits || mask == 0 || bits < Long.SIZE && mask >>> bits != 0) {
      throw new IllegalArgumentException("there are " + bits + " bits, from 0 on; one of them at least is to flip");
    }
    return mask;
  }
}

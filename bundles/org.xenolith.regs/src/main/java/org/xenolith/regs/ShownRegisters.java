// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** The registers that a device shows, in the order in which they were declared; those of things that come and go are behind a slash. */
final class ShownRegisters {
  /** A place of one register in a window. Equal names are told apart by it. */
  private record Key(String name, int offset) {
    static Key of(Register register) {
      return new Key(register.name(), register.spec().offset());
    }
  }

  /** Some that were declared together. */
  private interface Part {
    void visit(RegisterVisitor visitor);

    /** What is stored in one; empty if it isn't among these. */
    Optional<OptionalLong> find(String window, Key key);
  }

  /** Those of a table under one name. */
  private static final class Window implements Part {
    private final String name;
    private final List<? extends Register> table;
    private final Function<Register, OptionalLong> value;
    /** Made when somebody first asks for one. */
    private final Map<Key, Register> byKey = new HashMap<>();

    Window(String name, List<? extends Register> table, Function<Register, OptionalLong> value) {
      this.name = name;
      this.table = table;
      this.value = value;
    }

    @Override
    public void visit(RegisterVisitor visitor) {
      table.forEach(register -> {
        OptionalLong now = value.apply(register);
        visitor.register(name, register, now.orElse(0), now.isPresent());
      });
    }

    @Override
    public Optional<OptionalLong> find(String window, Key key) {
      if (!window.equals(name)) {
        return Optional.empty();
      }
      if (byKey.size() != table.size()) {
        byKey.clear();
        table.forEach(each -> byKey.putIfAbsent(Key.of(each), each));
      }
      return Optional.ofNullable(byKey.get(key)).map(value);
    }
  }

  /** Those of things that come and go. */
  private record Children(Supplier<? extends Map<String, DeviceState>> live) implements Part {
    @Override
    public void visit(RegisterVisitor visitor) {
      live.get().forEach((child, state) -> state.visitRegisters((window, register, value, stored) -> visitor.register(child + '/' + window,
          register, value, stored)));
    }

    @Override
    public Optional<OptionalLong> find(String window, Key key) {
      Map<String, DeviceState> now = live.get();
      for (int slash = window.indexOf('/'); slash >= 0; slash = window.indexOf('/', slash + 1)) {
        DeviceState state = now.get(window.substring(0, slash));
        if (state != null) {
          return state.shown.find(window.substring(slash + 1), key);
        }
      }
      return Optional.empty();
    }
  }

  private final List<Part> parts = new ArrayList<>();

  void add(String name, List<? extends Register> table, Function<Register, OptionalLong> value) {
    parts.add(new Window(name, table, value));
  }

  void add(Supplier<? extends Map<String, DeviceState>> live) {
    parts.add(new Children(live));
  }

  void visit(RegisterVisitor visitor) {
    parts.forEach(each -> each.visit(visitor));
  }

  Optional<OptionalLong> find(String window, String name, int offset) {
    return find(window, new Key(name, offset));
  }

  private Optional<OptionalLong> find(String window, Key key) {
    for (Part part : parts) {
      Optional<OptionalLong> found = part.find(window, key);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}

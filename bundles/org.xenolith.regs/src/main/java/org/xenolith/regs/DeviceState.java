// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The state of one device, declared once: reset, snapshot, hand-over and digest all come from the declarations. The model
 * keeps the arrays, cells and register files that the declaring methods return and works on them directly. Names must be
 * unique in a device; they are part of the snapshot format.
 *
 * <p>A record must have just the declared fields, so that nothing that a guest could see is lost unnoticed. A version whose fields are
 * others than those of an earlier one says how it takes that one's records: {@link #renamed}, {@link #added}, {@link #dropped}. The
 * earlier one, which can't know, refuses the later one's.
 */
public final class DeviceState {
  private final Map<String, Part> parts = new LinkedHashMap<>();
  /** What a field was called in earlier records: former name to name. */
  private final Map<String, String> formerNames = new HashMap<>();
  private final Set<String> added = new HashSet<>();
  private final Set<String> dropped = new HashSet<>();
  final ShownRegisters shown = new ShownRegisters();

  /** One declared piece: how to reset it, to save it and to restore it. */
  private interface Part {
    void reset();

    Object save();

    void restore(String name, Object value);
  }

  /** Declares one 64-bit value with its reset value. */
  public LongCell cell(String name, long reset) {
    LongCell cell = new LongCell(reset);
    add(name, new Part() {
      @Override
      public void reset() {
        cell.value = cell.reset;
      }

      @Override
      public Object save() {
        return cell.value;
      }

      @Override
      public void restore(String field, Object value) {
        cell.value = expect(field, value, Long.class);
      }
    });
    return cell;
  }

  /** Declares one 64-bit value that lives in a field of the model, where a cell would be too slow. */
  public void value(String name, long reset, LongSupplier get, LongConsumer set) {
    set.accept(reset);
    add(name, new Part() {
      @Override
      public void reset() {
        set.accept(reset);
      }

      @Override
      public Object save() {
        return get.getAsLong();
      }

      @Override
      public void restore(String field, Object value) {
        set.accept(expect(field, value, Long.class));
      }
    });
  }

  /** Declares {@code length} 64-bit values, zero at reset. */
  public long[] longs(String name, int length) {
    long[] live = new long[length];
    add(name, new Part() {
      @Override
      public void reset() {
        Arrays.fill(live, 0);
      }

      @Override
      public Object save() {
        return live.clone();
      }

      @Override
      public void restore(String field, Object value) {
        long[] saved = expect(field, value, long[].class);
        length(field, live.length, saved.length);
        System.arraycopy(saved, 0, live, 0, live.length);
      }
    });
    return live;
  }

  /** Declares {@code length} 32-bit values, zero at reset. */
  public int[] ints(String name, int length) {
    int[] live = new int[length];
    add(name, new Part() {
      @Override
      public void reset() {
        Arrays.fill(live, 0);
      }

      @Override
      public Object save() {
        return live.clone();
      }

      @Override
      public void restore(String field, Object value) {
        int[] saved = expect(field, value, int[].class);
        length(field, live.length, saved.length);
        System.arraycopy(saved, 0, live, 0, live.length);
      }
    });
    return live;
  }

  /** Declares {@code length} bytes, zero at reset. */
  public byte[] bytes(String name, int length) {
    byte[] live = new byte[length];
    add(name, new Part() {
      @Override
      public void reset() {
        Arrays.fill(live, (byte) 0);
      }

      @Override
      public Object save() {
        return live.clone();
      }

      @Override
      public void restore(String field, Object value) {
        byte[] saved = expect(field, value, byte[].class);
        length(field, live.length, saved.length);
        System.arraycopy(saved, 0, live, 0, live.length);
      }
    });
    return live;
  }

  /** Declares a first-in first-out queue of at most {@code capacity} values (each 16 bits), empty at reset. */
  public ShortFifo fifo(String name, int capacity) {
    ShortFifo fifo = new ShortFifo(capacity);
    add(name, new Part() {
      @Override
      public void reset() {
        fifo.clear();
      }

      @Override
      public Object save() {
        return fifo.toArray();
      }

      @Override
      public void restore(String field, Object value) {
        int[] saved = expect(field, value, int[].class);
        if (saved.length > capacity) {
          throw new StateMismatch(field + ": " + saved.length + " entries do not fit a queue of " + capacity);
        }
        fifo.fill(saved);
      }
    });
    return fifo;
  }

  /**
   * Declares state of varying size that the model encodes itself, in a form that any later version can read.
   *
   * @param reset   puts the live state to its reset value; called now, too
   * @param save    encodes the live state
   * @param restore replaces the live state by what was encoded, of which it keeps nothing, as others may be given the same array; throws
   *                {@link StateMismatch} for what it can't read
   */
  public void varying(String name, Runnable reset, Supplier<byte[]> save, Consumer<byte[]> restore) {
    reset.run();
    add(name, new Part() {
      @Override
      public void reset() {
        reset.run();
      }

      @Override
      public Object save() {
        return save.get();
      }

      @Override
      public void restore(String field, Object value) {
        restore.accept(expect(field, value, byte[].class));
      }
    });
  }

  /**
   * Declares states of things that come and go, each declared as a state of its own: domains, virtual CPUs, connections.
   *
   * @param reset drops them all; called now, too
   * @param live  the present ones by name, in an order that depends on nothing but what happened in the machine
   * @param make  makes one that a record has, and returns its state to be restored
   */
  public void children(String name, Runnable reset, Supplier<? extends Map<String, DeviceState>> live,
      Function<String, DeviceState> make) {
    shown.add(live);
    varying(name, reset, () -> {
      Map<String, StateRecord> records = new LinkedHashMap<>();
      live.get().forEach((child, state) -> records.put(child, state.save()));
      return RecordBytes.encode(records);
    }, bytes -> {
      Map<String, StateRecord> records = RecordBytes.decode(bytes);
      reset.run();
      records.forEach((child, record) -> make.apply(child).restore(record));
    });
  }

  /** Declares the registers of one window. */
  public <R extends Enum<R> & Register> RegisterFile<R> registers(String name, Class<R> table, RegisterFaults faults) {
    RegisterFile<R> file = new RegisterFile<>(table, faults);
    R[] rows = table.getEnumConstants();
    shown.add(name, List.of(rows), register -> file.stored(table.cast(register)));
    for (R row : rows) {
      add(name + '.' + row.name(), new Part() {
        @Override
        public void reset() {
          file.set(row, row.spec().reset());
        }

        @Override
        public Object save() {
          return file.get(row);
        }

        @Override
        public void restore(String field, Object value) {
          file.set(row, expect(field, value, Long.class));
        }
      });
    }
    return file;
  }

  /**
   * Has who looks into a machine shown registers that the model keeps otherwise, as other parts of this state. It declares no state.
   *
   * @param window what these are, as {@link #registers} has a name
   * @param table  the registers
   * @param value  what one of them is now, without any effect; empty if only a guest's read says
   */
  public void shows(String window, List<? extends Register> table, Function<Register, OptionalLong> value) {
    shown.add(window, table, value);
  }

  /** Tells of all registers of the device, as they are stored, and changes nothing. */
  public void visitRegisters(RegisterVisitor visitor) {
    shown.visit(visitor);
  }

  /**
   * What is stored in one register of those that {@link #visitRegisters} tells of, without telling of the others.
   *
   * @return empty if there is no such register; empty within if a read computes what a guest reads
   */
  public Optional<OptionalLong> stored(String window, String name, int offset) {
    return shown.find(window, name, offset);
  }

  /**
   * Declares that a field, itself declared before or after, had another name in records of earlier versions. For a window of registers
   * each of them is a field, {@code WINDOW.REGISTER}.
   */
  public void renamed(String former, String name) {
    if (formerNames.putIfAbsent(former, name) != null) {
      throw new IllegalStateException("the former state field " + former + " is declared twice");
    }
  }

  /** Declares that records of earlier versions lack a field: restored from one, it has its reset value. */
  public void added(String name) {
    added.add(name);
  }

  /** Declares that records of earlier versions may have a field that is none any more: its value is dropped. */
  public void dropped(String name) {
    dropped.add(name);
  }

  /** Puts every declared piece to its reset value. */
  public void reset() {
    parts.values().forEach(Part::reset);
  }

  /** A copy of all state. */
  public StateRecord save() {
    StateRecord record = new StateRecord();
    parts.forEach((name, part) -> record.put(name, part.save()));
    return record;
  }

  /**
   * Takes over all state of a record, in the declared order.
   *
   * @throws StateMismatch if a field is missing, unknown or of another shape; the names are in the message and the state
   *         is as it was before
   */
  public void restore(StateRecord record) {
    Map<String, Object> all = record.values();
    // Nearly always so, and who goes back to a state again and again does nothing else.
    Map<String, Object> values = all.size() == parts.size() && all.keySet().containsAll(parts.keySet()) ? all : understood(record);
    StateRecord before = save();
    try {
      parts.forEach((name, part) -> {
        Object value = values.get(name);
        if (value == null) {
          part.reset();
        } else {
          part.restore(name, value);
        }
      });
    } catch (StateMismatch e) {
      before.values().forEach((name, value) -> parts.get(name).restore(name, value));
      throw e;
    }
  }

  /** The values of a record by the names of today. */
  private Map<String, Object> understood(StateRecord record) {
    Map<String, Object> values = new HashMap<>();
    Set<String> unknown = new TreeSet<>();
    record.values().forEach((name, value) -> {
      String now = parts.containsKey(name) ? name : formerNames.getOrDefault(name, name);
      if (parts.containsKey(now)) {
        if (values.putIfAbsent(now, value) != null) {
          throw new StateMismatch(now + ": the record has it twice, under its former name, too");
        }
      } else if (!dropped.contains(name)) {
        unknown.add(name);
      }
    });
    Set<String> missing = new TreeSet<>(parts.keySet());
    missing.removeAll(values.keySet());
    missing.removeAll(added);
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new StateMismatch("state fields missing: " + missing + ", unknown: " + unknown);
    }
    return values;
  }

  /** The declared names in order. */
  public Set<String> names() {
    return parts.keySet();
  }

  private void add(String name, Part part) {
    if (parts.putIfAbsent(name, part) != null) {
      throw new IllegalStateException("state field " + name + " is declared twice");
    }
  }

  private static <T> T expect(String name, Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new StateMismatch(name + ": expected " + type.getSimpleName() + ", got " + value.getClass().getSimpleName());
    }
    return type.cast(value);
  }

  private static void length(String name, int expected, int got) {
    if (expected != got) {
      throw new StateMismatch(name + ": expected " + expected + " entries, got " + got);
    }
  }
}

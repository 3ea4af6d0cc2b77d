// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.regs.ShortFifo;

/**
 * In the jar of another version this declares the fields of each state in the place of {@link DeviceState}: the first under another name,
 * and one that no other form has. It takes records of all forms; see {@link RecordForm}, which gives a jar its own {@link #FORM}. Made
 * for bundles that don't know this class: it uses nothing but what they import.
 */
public final class OtherRecord {
  /** The form of a version, as the property says; the jar's copy has another text here. */
  static final String FORM = "FORM OF THE VERSION";
  /** The bundle, likewise. */
  static final String BUNDLE = "BUNDLE OF THE VERSION";
  /** Begins a property with the names of fields that a bundle's records have been given. */
  static final String PROPERTY = "xenolith.it.record.";
  private static final String ORIGINAL = "original";
  private static final String[] FORMS = {"first", "second"};
  private static final String SPARE = "spare-";
  /** States whose first field has another name already. */
  private static final Map<DeviceState, String> RENAMED = Collections.synchronizedMap(new WeakHashMap<>());

  private OtherRecord() {}

  /** A state was made: it gets its additional field, and forgets those of others. */
  public static void made(DeviceState state) {
    for (String form : FORMS) {
      if (form.equals(form())) {
        long[] spare = {0};
        state.value(SPARE + form, form.length(), () -> spare[0], value -> spare[0] = value);
        state.added(SPARE + form);
        tell("added");
      } else {
        state.dropped(SPARE + form);
      }
    }
  }

  private static String form() {
    return FORM.toString();
  }

  private static void tell(String what) {
    String property = PROPERTY + BUNDLE.toString() + "." + what;
    System.setProperty(property, form());
  }

  private static String name(DeviceState state, String name) {
    if (RENAMED.putIfAbsent(state, name) != null) {
      return name;
    }
    String now = in(form(), name);
    former(state, name, now, "");
    return now;
  }

  /** The names that a field has in other forms. */
  private static void former(DeviceState state, String name, String now, String suffix) {
    if (!now.equals(name)) {
      tell("renamed");
      state.renamed(name + suffix, now + suffix);
    }
    for (String form : FORMS) {
      if (!form.equals(form())) {
        state.renamed(in(form, name) + suffix, now + suffix);
      }
    }
  }

  private static String in(String form, String name) {
    return form.equals(ORIGINAL) ? name : name + "-" + form;
  }

  public static LongCell cell(DeviceState state, String name, long reset) {
    return state.cell(name(state, name), reset);
  }

  public static void value(DeviceState state, String name, long reset, LongSupplier get, LongConsumer set) {
    state.value(name(state, name), reset, get, set);
  }

  public static long[] longs(DeviceState state, String name, int length) {
    return state.longs(name(state, name), length);
  }

  public static int[] ints(DeviceState state, String name, int length) {
    return state.ints(name(state, name), length);
  }

  public static byte[] bytes(DeviceState state, String name, int length) {
    return state.bytes(name(state, name), length);
  }

  public static ShortFifo fifo(DeviceState state, String name, int capacity) {
    return state.fifo(name(state, name), capacity);
  }

  public static void varying(DeviceState state, String name, Runnable reset, Supplier<byte[]> save, Consumer<byte[]> restore) {
    state.varying(name(state, name), reset, save, restore);
  }

  public static void children(DeviceState state, String name, Runnable reset, Supplier<? extends Map<String, DeviceState>> live,
      Function<String, DeviceState> make) {
    state.children(name(state, name), reset, live, make);
  }

  /** Of a window the fields are its registers: all of them get other names. */
  public static <R extends Enum<R> & Register> RegisterFile<R> registers(DeviceState state, String name, Class<R> table,
      RegisterFaults faults) {
    if (RENAMED.putIfAbsent(state, name) != null) {
      return state.registers(name, table, faults);
    }
    String now = in(form(), name);
    for (R row : table.getEnumConstants()) {
      former(state, name, now, '.' + row.name());
    }
    return state.registers(now, table, faults);
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;
import org.xenolith.regs.StateRecord;

/** What can be seen of a model from outside, at one moment: its state, its alarms, the levels of its lines. */
record Observed(StateRecord state, Map<String, Long> alarms, String lines) {
  static Observed of(GuestExercise exercise) {
    // The alarms and lines as they are before the state is saved, which may change them by mistake.
    Map<String, Long> alarms = exercise.context().deadlines();
    String lines = exercise.lines();
    return new Observed(exercise.model().state().save(), alarms, lines);
  }

  /** What is another at a later moment, a phrase for each thing, as {@code alarm 'off' from 1500000 to none}. */
  List<String> changes(Observed later) {
    List<String> changes = new ArrayList<>();
    names(state.values(), later.state.values()).forEach(name -> compare("state '" + name + "'", state.get(name), later.state.get(name),
        changes));
    names(alarms, later.alarms).forEach(name -> compare("alarm '" + name + "'", nanoseconds(alarms, name), nanoseconds(later.alarms, name),
        changes));
    compare("interrupt lines", lines, later.lines, changes);
    return changes;
  }

  private static String nanoseconds(Map<String, Long> alarms, String name) {
    long at = alarms.getOrDefault(name, Long.MAX_VALUE);
    return at == Long.MAX_VALUE ? "none" : at + " ns";
  }

  private static TreeSet<String> names(Map<String, ?> one, Map<String, ?> other) {
    TreeSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names;
  }

  private static void compare(String what, Object before, Object after, List<String> changes) {
    if (!Objects.deepEquals(before, after)) {
      changes.add(switch (before) {
        // The first element that differs: an array as a whole is no message.
        case long[] a when after instanceof long[] b -> element(what, Arrays.mismatch(a, b), a.length, b.length, i -> a[i], i -> b[i]);
        case int[] a when after instanceof int[] b -> element(what, Arrays.mismatch(a, b), a.length, b.length, i -> a[i], i -> b[i]);
        case byte[] a when after instanceof byte[] b -> element(what, Arrays.mismatch(a, b), a.length, b.length, i -> a[i], i -> b[i]);
        case null, default -> what + " from " + text(before) + " to " + text(after);
      });
    }
  }

  private static String element(String what, int at, int length, int newLength, IntToLongFunction before, IntToLongFunction after) {
    if (at >= Math.min(length, newLength)) {
      return what + " from " + length + " elements to " + newLength;
    }
    return what + " at " + at + " from " + text(before.applyAsLong(at)) + " to " + text(after.applyAsLong(at));
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "none";
      case Long number -> "0x" + Long.toHexString(number);
      default -> value.toString();
    };
  }
}
